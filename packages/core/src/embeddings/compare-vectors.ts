/** How like each other two vectors are. */
export interface VectorComparison {
  /** Cosine, from -1 to 1; 0 when they cannot be compared. */
  readonly similarity: number
  /** Length of the second as a multiple of the first; 0 when they cannot be compared. */
  readonly lengthRatio: number
}

/** Pure. Vectors of different numbers of dimensions, or of no length, have nothing in common. */
export function compareVectors(a: readonly number[], b: readonly number[]): VectorComparison {
  const nothing = { similarity: 0, lengthRatio: 0 }
  if (a.length !== b.length || a.length === 0) return nothing
  const lengthA = Math.hypot(...a)
  const lengthB = Math.hypot(...b)
  if (lengthA === 0 || lengthB === 0) return nothing
  let dot = 0
  // Each by its own length first: a product of two great numbers would leave their range.
  for (const [index, value] of a.entries()) dot += (value / lengthA) * ((b[index] ?? 0) / lengthB)
  return { similarity: Math.max(-1, Math.min(1, dot)), lengthRatio: lengthB / lengthA }
}
