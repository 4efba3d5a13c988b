/** Euclidean length. */
export function length(vector: readonly number[]): number {
  return Math.sqrt(dot(vector, vector))
}

/** Index of the candidate with the largest cosine to `vector`; -1 without candidates. */
export function closestTo(vector: readonly number[], candidates: readonly (readonly number[])[]): number {
  let best = { index: -1, cosine: -Infinity }
  for (const [index, candidate] of candidates.entries()) {
    const cosine = dot(vector, candidate) / (length(vector) * length(candidate))
    if (cosine > best.cosine) best = { index, cosine }
  }
  return best.index
}

function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (const [index, value] of a.entries()) sum += value * (b[index] ?? 0)
  return sum
}
