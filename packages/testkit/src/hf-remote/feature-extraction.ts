import { HttpResponse } from 'msw'
import { objectOf } from '../server/received-json.js'
import { hfDoubleTokenVectors, hfDoubleVector } from './vectors.js'

/**
 * The shapes of a feature-extraction answer. `vectors`: number[][]. `bare`: number[], for a single text. `tokens`:
 * number[][][], one vector a token. `tokens-of-one`: number[][] for a single text. `empty`: [] in place of an error
 * (captured). `fewer`: the last text is left out. `loading-as-200`: the error of a cold model with a success status,
 * as old deployments sent it (captured).
 */
export type Nesting = 'vectors' | 'bare' | 'tokens' | 'tokens-of-one' | 'empty' | 'fewer' | 'loading-as-200'

/** The answer of `…/pipeline/feature-extraction` (hub-docs inference-providers/tasks/feature-extraction.md). */
export function featureExtractionResponse(body: unknown, dimensions: number, nesting: Nesting): Response {
  const { inputs } = objectOf(body)
  const texts = (Array.isArray(inputs) ? inputs : [inputs]).map(String)
  const vectors = texts.map((text) => hfDoubleVector(text, dimensions))
  const [first = ''] = texts
  switch (nesting) {
    case 'vectors':
      return HttpResponse.json(vectors)
    case 'bare':
      return HttpResponse.json(texts.length === 1 ? vectors[0] : vectors)
    case 'tokens':
      return HttpResponse.json(texts.map((text) => hfDoubleTokenVectors(text, dimensions)))
    case 'tokens-of-one':
      return HttpResponse.json(hfDoubleTokenVectors(first, dimensions))
    case 'empty':
      return HttpResponse.json([])
    case 'fewer':
      return HttpResponse.json(vectors.slice(0, -1))
    case 'loading-as-200':
      return HttpResponse.json({ error: 'Model is currently loading', estimated_time: 20 })
  }
}
