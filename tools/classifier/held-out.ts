import { NEAR, partsOf } from './overlap.ts'

/** Tells whether a text is, word for word or nearly, one of some that training must not see. */
export type HeldOut = (text: string) => boolean

/**
 * Looks for near-duplicates of `texts` fast enough to be asked of every example that is made. Two texts of which
 * 70 % of all parts are common have at least one of the rarest 30 % of either's parts in common, so only those are looked up.
 */
export function heldOutOf(texts: readonly string[], near: number = NEAR): HeldOut {
  const held = texts.filter((text) => /\p{L}/u.test(text)).map(partsOf)
  const spread = new Map<string, number>()
  for (const parts of held) for (const part of parts) spread.set(part, (spread.get(part) ?? 0) + 1)
  const byRarePart = new Map<string, ReadonlySet<string>[]>()
  for (const parts of held) {
    const rare = [...parts].sort((one, other) => (spread.get(one) ?? 0) - (spread.get(other) ?? 0))
    for (const part of rare.slice(0, rare.length - Math.ceil(near * rare.length) + 1)) {
      const sharing = byRarePart.get(part)
      if (sharing === undefined) byRarePart.set(part, [parts])
      else sharing.push(parts)
    }
  }
  return (text) => {
    const parts = partsOf(text)
    const candidates = new Set<ReadonlySet<string>>()
    for (const part of parts) for (const other of byRarePart.get(part) ?? []) candidates.add(other)
    return [...candidates].some((other) => likeness(parts, other) >= near)
  }
}

/** Jaccard similarity of two sets. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0
  for (const part of one) if (other.has(part)) common += 1
  return common / (one.size + other.size - common)
}
