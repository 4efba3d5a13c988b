import { defined, listOf, objectOf, positiveOf, textOf } from '@openmux/http'

/** A model Ollama suggests. */
export interface Recommendation {
  /** The name to pull: `gemma4`. */
  readonly name: string
  readonly description?: string
  readonly contextTokens?: number
  /** Graphics memory it wants. */
  readonly vramBytes?: number
}

/**
 * Reads `GET /api/experimental/model-recommendations` (Ollama 0.24 api/types.go, ModelRecommendationsResponse);
 * undefined when it is not one. Models of the cloud are left out: they cannot be pulled.
 */
export function readRecommendations(value: unknown): readonly Recommendation[] | undefined {
  const list = objectOf(value)?.['recommendations']
  if (!Array.isArray(list)) return undefined
  return listOf(list).flatMap((item) => {
    const entry = objectOf(item)
    const name = textOf(entry?.['model'])
    if (entry === undefined || name === undefined || /[:-]cloud$/.test(name)) return []
    return [
      defined({
        name,
        description: textOf(entry['description']),
        contextTokens: positiveOf(entry['context_length']),
        vramBytes: positiveOf(entry['vram_bytes']),
      }),
    ]
  })
}
