import type { EmbeddingSpace, ModelCard } from '@openmux/core'

/** Remembers the spaces of a provider's models, so that equal calls name equal spaces. */
export interface SpaceMemory {
  /** The space of vectors that just came. */
  spaceOf(model: string, vectors: readonly (readonly number[])[], asked: number | undefined): EmbeddingSpace
}

/** Farthest that a length may be from 1 to count as 1: 16-bit weights and base64 cost precision. */
const TOLERANCE = 1e-3

/**
 * A card's space is taken as it is. Otherwise the space is the model's name, the length of its vectors, and whether
 * they have length 1, measured once: the format tells no revision and no pooling.
 */
export function createSpaceMemory(cards: readonly ModelCard[] = []): SpaceMemory {
  const measured = new Map<string, EmbeddingSpace>()
  return {
    spaceOf(model, vectors, asked) {
      const dimensions = vectors[0]?.length ?? 0
      const told = cards.find((card) => card.id === model)?.space
      if (told !== undefined && told.dimensions === dimensions) return told
      const key = `${dimensions} ${asked ?? ''} ${model}`
      const known = measured.get(key)
      const normalized = vectors.every((vector) => Math.abs(Math.hypot(...vector) - 1) < TOLERANCE)
      // Vectors that break what was measured before are told as they are.
      if (known !== undefined && (normalized || !known.normalized)) return known
      const space: EmbeddingSpace = { model, dimensions, pooling: 'unknown', normalized }
      measured.set(key, space)
      return space
    },
  }
}
