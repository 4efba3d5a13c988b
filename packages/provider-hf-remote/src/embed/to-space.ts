import { type EmbeddingSpace, OpenMuxError } from '@openmux/core'
import { embeddingFacts } from '../models/embedding-models.js'
import { spaceName } from '../models/model-reference.js'
import { unitLength } from './read-vectors.js'

/** Who answered, for errors. */
export interface VectorOrigin {
  readonly provider: string
  /** As the user named it. */
  readonly model: string
  /** The id on the hub. */
  readonly id: string
}

/** What a server says of its own vectors, over what is known of the model. */
export interface ToldSpace {
  readonly revision?: string
  readonly pooling?: EmbeddingSpace['pooling']
}

/** Vectors of length 1 and the space they live in. */
export interface PlacedVectors {
  readonly vectors: readonly (readonly number[])[]
  readonly space: EmbeddingSpace
}

/**
 * Brings vectors to length 1 and names their space. Throws `bad-response` for a vector of zeros, for different
 * lengths, and for another length than the model is known to give (unless a shorter one was asked for).
 */
export function toSpace(
  raw: readonly (readonly number[])[],
  origin: VectorOrigin,
  told: ToldSpace = {},
  asked?: number,
): PlacedVectors {
  const facts = embeddingFacts(origin.id)
  const dimensions = raw[0]?.length ?? 0
  const vectors = raw.map((vector) => {
    const unit = unitLength(vector)
    if (unit === undefined) throw badVectors(origin, 'a vector that is all zeros')
    if (vector.length !== dimensions) throw badVectors(origin, 'vectors of different lengths')
    return unit
  })
  const expected = asked ?? facts?.dimensions
  if (expected !== undefined && dimensions !== expected)
    throw badVectors(origin, `vectors of ${dimensions} numbers where ${expected} were expected`)
  const space: EmbeddingSpace = {
    model: spaceName(origin.id),
    ...(told.revision === undefined ? {} : { revision: told.revision }),
    dimensions,
    pooling: told.pooling ?? facts?.pooling ?? 'unknown',
    normalized: true,
  }
  return { vectors, space }
}

/** `bad-response`: an answer that is not what was asked for. */
export function badVectors({ provider, model }: VectorOrigin, what: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-response',
    provider,
    model,
    message: `Hugging Face sent ${what}.`,
    hint: 'Try again, or use another model for embeddings.',
  })
}
