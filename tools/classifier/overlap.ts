/** Two texts are near-duplicates from this share of common parts on. */
export const NEAR = 0.7
const LENGTH = 4

/** A held-out text and the training text that is too much like it. */
export interface Overlap {
  readonly heldOut: string
  readonly training: string
  /** Jaccard similarity of their parts of four characters: 1 for the same text. */
  readonly similarity: number
}

/** Held-out texts that training saw, word for word or nearly so. Capitals, marks and spaces make no difference. */
export function overlaps(
  heldOut: readonly string[],
  training: readonly string[],
  near: number = NEAR,
): Overlap[] {
  const numbers = new Map<string, number>()
  const postings: number[][] = []
  const sizes: number[] = []
  for (const [at, text] of training.entries()) {
    const parts = partsOf(text)
    sizes.push(parts.size)
    for (const part of parts) {
      let number = numbers.get(part)
      if (number === undefined) {
        number = postings.length
        numbers.set(part, number)
        postings.push([])
      }
      postings[number]?.push(at)
    }
  }
  const common = new Uint16Array(training.length)
  return heldOut.flatMap((text) => {
    const parts = partsOf(text)
    common.fill(0)
    for (const part of parts)
      for (const at of postings[numbers.get(part) ?? -1] ?? []) common[at] = (common[at] ?? 0) + 1
    let best = -1
    let similarity = 0
    for (const [at, shared] of common.entries()) {
      const here = shared / (parts.size + (sizes[at] ?? 0) - shared)
      if (here > similarity) {
        best = at
        similarity = here
      }
    }
    return similarity >= near ? [{ heldOut: text, training: training[best] ?? '', similarity }] : []
  })
}

/** Every four characters in a row, in lower case, of letters and digits alone; all of a text that is shorter. */
export function partsOf(text: string): ReadonlySet<string> {
  const letters = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim()
  const parts = new Set<string>()
  for (let at = 0; at + LENGTH <= letters.length; at += 1) parts.add(letters.slice(at, at + LENGTH))
  if (parts.size === 0) parts.add(letters)
  return parts
}
