/** How the vectors of a text's tokens become one. */
export type Pooling = 'mean' | 'cls' | 'last-token'

/** Token vectors of several texts, as a model gives them: row by row, text by text. */
export interface TokenVectors {
  readonly data: ArrayLike<number>
  readonly texts: number
  readonly tokens: number
  readonly dimensions: number
}

/**
 * One vector a text. `mask` holds 1 for every real token and 0 for padding, `texts` times `tokens`
 * numbers; padding may be on either side.
 */
export function pool(vectors: TokenVectors, mask: ArrayLike<number>, pooling: Pooling): Float32Array {
  const { texts, tokens, dimensions } = vectors
  const pooled = new Float32Array(texts * dimensions)
  for (let text = 0; text < texts; text++) {
    const real: number[] = []
    for (let token = 0; token < tokens; token++) if (mask[text * tokens + token] === 1) real.push(token)
    const chosen = pooling === 'mean' ? real : pooling === 'cls' ? real.slice(0, 1) : real.slice(-1)
    for (let dimension = 0; dimension < dimensions; dimension++) {
      let sum = 0
      for (const token of chosen) sum += vectors.data[(text * tokens + token) * dimensions + dimension] ?? 0
      pooled[text * dimensions + dimension] = chosen.length === 0 ? 0 : sum / chosen.length
    }
  }
  return pooled
}

/** Brings every vector to Euclidean length 1, in place. A zero vector stays. */
export function normalize(data: Float32Array, dimensions: number): void {
  for (let start = 0; start < data.length; start += dimensions) {
    let squares = 0
    for (let place = start; place < start + dimensions; place++) squares += (data[place] ?? 0) ** 2
    if (squares === 0) continue
    const length = Math.sqrt(squares)
    for (let place = start; place < start + dimensions; place++) data[place] = (data[place] ?? 0) / length
  }
}
