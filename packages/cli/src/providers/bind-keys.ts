import type { ProviderConfiguration, Source } from '../configuration/configuration.js'
import type { Environment } from '../configuration/environment.js'
import type { ProviderEntry } from './registry.js'

/** Options and environment of one provider after precedence and the binding of keys. */
export interface BoundSetup {
  readonly options: ProviderConfiguration
  readonly env: Readonly<Record<string, string | undefined>>
  /** For people: a key that was held back, and how to have it sent. */
  readonly notices: readonly string[]
}

/**
 * Puts the environment before the file, and keeps keys from addresses that came with a folder: a
 * repository with an `openmux.config.json` or a `.env` of its own must not be able to have the
 * user's own key sent to a server it names.
 */
export function bindKeys(
  entry: ProviderEntry,
  fromFile: ProviderConfiguration,
  file: Source | undefined,
  environment: Environment,
): BoundSetup {
  const options: Record<string, unknown> = { ...fromFile }
  const env: Record<string, string | undefined> = { ...environment.values }
  const notices: string[] = []
  const address = placeOf('address', entry, options, file, environment)
  for (const { name, option, onlyFor } of entry.variables) {
    const counts = onlyFor === undefined || onlyFor.test(address?.value ?? '')
    if (environment.sourceOf(name) !== undefined && counts) delete options[option]
  }
  const key = placeOf('key', entry, options, file, environment)
  if (address?.source.trust === 'folder' && key?.source.trust === 'user') {
    delete options[key.option]
    delete env[key.variable]
    notices.push(
      `${key.variable} is not sent to the address that ${address.source.name} names: the key is yours, the address came with the folder. Set ${address.variable} in your environment if you trust it.`,
    )
  }
  return { options, env, notices }
}

interface Place {
  readonly variable: string
  readonly option: string
  readonly value: string
  readonly source: Source
}

/** Who says where the address or the key is: the environment before the file. */
function placeOf(
  role: 'address' | 'key',
  entry: ProviderEntry,
  options: Readonly<Record<string, unknown>>,
  file: Source | undefined,
  environment: Environment,
): Place | undefined {
  const variable = entry.variables.find((one) => one.role === role)
  if (variable === undefined) return undefined
  const { name, option } = variable
  const source = environment.sourceOf(name)
  const own = options[option]
  // For a key that only counts for some addresses, the file's own stands.
  if (source !== undefined && (role === 'address' || own === undefined)) {
    return { variable: name, option, value: environment.values[name] ?? '', source }
  }
  return typeof own === 'string' && file !== undefined
    ? { variable: name, option, value: own, source: file }
    : undefined
}
