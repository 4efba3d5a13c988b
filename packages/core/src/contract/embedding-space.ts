/**
 * The identity of a vector space. Two vectors may only be compared when every field is equal;
 * the orchestrator never fails over from one space into another.
 */
export interface EmbeddingSpace {
  /** The model's name without the back end's own decoration, e.g. `all-minilm-l6-v2`. */
  readonly model: string
  /** Revision or digest of the weights, when the back end tells it. */
  readonly revision?: string
  /** Length of every vector. */
  readonly dimensions: number
  readonly pooling: 'mean' | 'cls' | 'last-token' | 'unknown'
  /** Whether vectors have Euclidean length 1. */
  readonly normalized: boolean
}

/** One string that is equal exactly when two spaces are: `model@revision/dimensions/pooling/normalized`. */
export function embeddingSpaceId(space: EmbeddingSpace): string {
  const norm = space.normalized ? 'normalized' : 'raw'
  return `${space.model}@${space.revision ?? '?'}/${space.dimensions}/${space.pooling}/${norm}`
}

/** Whether vectors of `a` and `b` may be compared with each other. */
export function sameSpace(a: EmbeddingSpace, b: EmbeddingSpace): boolean {
  return embeddingSpaceId(a) === embeddingSpaceId(b)
}
