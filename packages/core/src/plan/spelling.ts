import { closest, distance } from 'fastest-levenshtein'
import type { Provider } from '../contract/provider.js'

/** A name without case, spaces and punctuation: how users' spellings are compared. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Whether `spelling` means this provider: its id, name or an alias, case and punctuation aside. */
export function namesProvider(
  spelling: string,
  provider: Pick<Provider, 'id' | 'name' | 'aliases'>,
): boolean {
  const wanted = plainName(spelling)
  return (
    wanted !== '' &&
    [provider.id, provider.name, ...(provider.aliases ?? [])].some((name) => plainName(name) === wanted)
  )
}

/** The model id among `ids` that `spelling` means, from the strictest reading to the loosest. */
export function findModelId(spelling: string, ids: readonly string[]): string | undefined {
  if (ids.includes(spelling)) return spelling
  const readings: readonly ((id: string) => string)[] = [
    (id) => id.toLowerCase(),
    (id) => withoutDefaultTag(id.toLowerCase()),
    (id) => plainName(withoutDefaultTag(id)),
    (id) => plainName(withoutDefaultTag(lastSegment(id))),
    // `llama3.2` for `llama3.2:1b`: the family, when nothing closer exists.
    (id) => plainName(lastSegment(id).split(':')[0] ?? id),
  ]
  // A spelling with a tag means that tag and no other.
  const usable = spelling.includes(':') ? readings.slice(0, -1) : readings
  for (const read of usable) {
    const wanted = read(spelling)
    const found = ids.filter((id) => read(id) === wanted)
    // Two models of one loose reading: guessing would be worse than asking.
    if (found.length === 1) return found[0]
    if (found.length > 1) return undefined
  }
  return undefined
}

/** Longer spellings are cut before they are compared: nobody's name is that long, and comparing costs its square. */
const LONGEST = 100
/** What a tag that is left aside counts for: an equal tag comes first. */
const OTHER_TAG = 0.1

/**
 * At most three of `names` that look like `spelling`, nearest first; none when nothing is near enough to be meant.
 * Case does not matter. Names are compared whole and without their organisation and tag: `gema3` is near
 * `gemma3:270m-it`; a tag of `spelling` that nobody has is left aside: `qwen3:8b` is near `qwen3:4b-instruct`.
 */
export function nearestNames(spelling: string, names: readonly string[]): readonly string[] {
  const wanted = spelling.toLowerCase().slice(0, LONGEST)
  const family = wanted.split(':')[0] ?? wanted
  const away = (name: string): number => {
    const shapes = shapesOf(name.toLowerCase())
    const asWritten = Math.min(...shapes.map((shape) => apart(wanted, shape)))
    if (family === wanted || family === '') return asWritten
    return Math.min(asWritten, OTHER_TAG + Math.min(...shapes.map((shape) => apart(family, shape))))
  }
  return [...new Set(names)]
    .map((name) => ({ name, away: away(name) }))
    .filter((one) => one.away < 1)
    .sort((a, b) => a.away - b.away)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** A name as people may have it in mind: whole, without organisation, without tag, up to the first dash. */
function shapesOf(name: string): readonly string[] {
  const bare = lastSegment(name)
  const family = bare.split(':')[0] ?? bare
  return [name, bare, family, family.split('-')[0] ?? family]
}

/** How far two names are apart: from 0, the same, to 1, too far to be meant. */
function apart(wanted: string, name: string): number {
  if (wanted === name) return 0
  if (wanted.length >= 3 && name.includes(wanted)) return 0.5
  return distance(wanted, name) / (Math.max(2, Math.min(wanted.length, name.length) / 2) + 0.1)
}

/** The one of `names` nearest to `spelling`, case aside, when it is near enough to be meant. */
export function didYouMean(spelling: string, names: readonly string[]): string | undefined {
  const plain = names.map((name) => name.toLowerCase())
  if (plain.length === 0) return undefined
  const wanted = spelling.toLowerCase()
  const near = closest(wanted, plain)
  return distance(wanted, near) <= Math.max(2, near.length / 3) ? names[plain.indexOf(near)] : undefined
}

function withoutDefaultTag(id: string): string {
  return id.replace(/:latest$/i, '')
}

function lastSegment(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
