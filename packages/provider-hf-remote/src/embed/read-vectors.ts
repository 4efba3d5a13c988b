/** What a feature-extraction answer holds. */
export type FeatureAnswer =
  | { readonly kind: 'vectors'; readonly vectors: readonly (readonly number[])[] }
  /** One vector a token, text by text: somebody must pool them. */
  | { readonly kind: 'tokens'; readonly texts: readonly (readonly (readonly number[])[])[] }
  /** What is wrong with it, in words. */
  | { readonly kind: 'broken'; readonly what: string }

/**
 * Reads the three nesting depths of `…/pipeline/feature-extraction` for `count` texts: `number[][]`; `number[]` for a
 * single text; `number[][][]`, one vector a token (`number[][]` of another length than 1 for a single text is that
 * too). Everything else is broken: an empty list in place of an error, too few, ragged, not finite.
 */
export function readFeatures(value: unknown, count: number): FeatureAnswer {
  if (!Array.isArray(value)) return broken('JSON that is no list of vectors')
  const list: readonly unknown[] = value
  if (list.length === 0) return broken('an empty list in place of vectors')
  if (isVector(list)) {
    return count === 1 ? { kind: 'vectors', vectors: [list] } : broken(`one vector for ${count} texts`)
  }
  if (isMatrix(list)) {
    if (list.length === count)
      return sound(list) ? { kind: 'vectors', vectors: list } : broken('vectors of different lengths')
    if (count === 1) return tokens([list])
    return broken(`${list.length} vectors for ${count} texts`)
  }
  if (!list.every((part): part is readonly (readonly number[])[] => Array.isArray(part) && isMatrix(part)))
    return broken('a list with something that is no vector')
  return list.length === count ? tokens(list) : broken(`vectors of ${list.length} texts for ${count}`)
}

function tokens(texts: readonly (readonly (readonly number[])[])[]): FeatureAnswer {
  return sound(texts.flat()) ? { kind: 'tokens', texts } : broken('token vectors of different lengths')
}

/** The mean of token vectors, number by number. */
export function meanOf(tokenVectors: readonly (readonly number[])[]): readonly number[] {
  const [first = []] = tokenVectors
  return first.map(
    (_unused, place) =>
      tokenVectors.reduce((sum, vector) => sum + (vector[place] ?? 0), 0) / tokenVectors.length,
  )
}

/** The vector brought to Euclidean length 1; undefined when it is all zeros. */
export function unitLength(vector: readonly number[]): readonly number[] | undefined {
  const length = Math.hypot(...vector)
  if (length === 0 || !Number.isFinite(length)) return undefined
  // Already so, but for the precision of 16-bit weights: the numbers stay as they came.
  return Math.abs(length - 1) < 1e-4 ? vector : vector.map((number) => number / length)
}

function isVector(list: readonly unknown[]): list is readonly number[] {
  return list.length > 0 && list.every((number) => typeof number === 'number' && Number.isFinite(number))
}

function isMatrix(list: readonly unknown[]): list is readonly (readonly number[])[] {
  return list.length > 0 && list.every((row) => Array.isArray(row) && isVector(row))
}

function sound(vectors: readonly (readonly number[])[]): boolean {
  return vectors.every((vector) => vector.length === vectors[0]?.length)
}

function broken(what: string): FeatureAnswer {
  return { kind: 'broken', what }
}
