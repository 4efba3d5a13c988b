import type { Provider } from '@openmux/core'
import { didYouMean, namesProvider } from '@openmux/core/names'

/** What a provider may be called. */
export type Named = Pick<Provider, 'id' | 'name'> & { readonly aliases?: readonly string[] }

/** The one that is meant: by id, name or alias, case and punctuation aside, as the engine reads names. */
export function findNamed<T extends Named>(spelling: string, among: readonly T[]): T | undefined {
  return among.find((one) => namesProvider(spelling, one))
}

/** For a name that nobody has: the nearest one, when it is near enough to be meant, else all of them. */
export function namesThereAre(spelling: string, ids: readonly string[]): string {
  const near = didYouMean(spelling, ids)
  if (near !== undefined) return `Did you mean ${near}?`
  return ids.length === 0 ? 'No provider is switched on.' : `There are: ${ids.join(', ')}.`
}
