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
  const [one, other] = [scaled(a), scaled(b)]
  if (one === undefined || other === undefined) return nothing
  let dot = 0
  for (const [index, value] of one.values.entries()) dot += value * (other.values[index] ?? 0)
  return {
    similarity: Math.max(-1, Math.min(1, dot / (one.length * other.length))),
    lengthRatio: (other.length / one.length) * (other.unit / one.unit),
  }
}

/** A vector in units of its largest number: products of very great or small ones would leave their range. */
function scaled(
  vector: readonly number[],
): { readonly values: readonly number[]; readonly length: number; readonly unit: number } | undefined {
  const unit = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (unit === 0) return undefined
  const values = vector.map((value) => value / unit)
  return { values, unit, length: Math.hypot(...values) }
}
