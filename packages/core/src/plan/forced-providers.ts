import type { Provider } from '../contract/provider.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { namesProvider } from './spelling.js'

/**
 * The ids of the providers that a user forces on, from the user's spellings. A name that nobody here has forces
 * nobody: a program may leave a provider out and keep its configuration, and one that stays off says its id in every
 * error. Throws `bad-config` for what are no names.
 */
export function forcedProviders(
  spellings: readonly string[] | undefined,
  providers: readonly Provider[],
): ReadonlySet<string> {
  if (spellings === undefined) return new Set()
  if (!Array.isArray(spellings)) throw noNames('forceEnabled', 'an array of ids of providers')
  const given: readonly unknown[] = spellings
  const names = given.map((spelling, place) => {
    if (typeof spelling === 'string') return spelling
    throw noNames(`forceEnabled[${place}]`, 'the id of a provider')
  })
  const meant = providers.filter((provider) => names.some((name) => namesProvider(name, provider)))
  return new Set(meant.map(({ id }) => id))
}

function noNames(field: string, expected: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    field,
    message: `${field} must be ${expected}.`,
    hint: "For example: forceEnabled: ['my-provider'].",
  })
}
