import type { Provider } from '@openmux/core'
import { closest, distance } from 'fastest-levenshtein'

/** What a provider may be called. */
export type Named = Pick<Provider, 'id' | 'name'> & { readonly aliases?: readonly string[] }

/** The one that is meant: by id, name or alias, case and punctuation aside, as the engine reads names. */
export function findNamed<T extends Named>(spelling: string, among: readonly T[]): T | undefined {
  const wanted = plain(spelling)
  if (wanted === '') return undefined
  return among.find(({ id, name, aliases = [] }) =>
    [id, name, ...aliases].some((word) => plain(word) === wanted),
  )
}

/** For a name that nobody has: the nearest one, when it is near enough to be meant, else all of them. */
export function namesThereAre(spelling: string, ids: readonly string[]): string {
  const near = nearest(spelling, ids)
  if (near !== undefined) return `Did you mean ${near}?`
  return ids.length === 0 ? 'No provider is switched on.' : `There are: ${ids.join(', ')}.`
}

/** The nearest of some names, when it is near enough to be meant. */
export function nearest(spelling: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const near = closest(spelling.toLowerCase(), [...names])
  return distance(spelling.toLowerCase(), near) <= Math.max(2, near.length / 3) ? near : undefined
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '')
}
