import { defined, objectOf, positiveOf, textOf } from '@openmux/http'

/** The answer of `POST /api/embed`. */
export interface EmbedAnswer {
  readonly model?: string
  readonly vectors: readonly (readonly number[])[]
  readonly promptTokens?: number
}

/** Reads the answer; undefined when it is not one or a vector holds anything but numbers. */
export function readEmbedAnswer(value: unknown): EmbedAnswer | undefined {
  const answer = objectOf(value)
  const vectors = answer?.['embeddings']
  if (answer === undefined || !isVectors(vectors)) return undefined
  return defined({
    model: textOf(answer['model']),
    vectors,
    promptTokens: positiveOf(answer['prompt_eval_count']),
  })
}

function isVectors(value: unknown): value is readonly (readonly number[])[] {
  return (
    Array.isArray(value) && value.every((vector) => Array.isArray(vector) && vector.every(Number.isFinite))
  )
}
