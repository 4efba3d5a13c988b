import type { ProviderConfiguration, Source } from '../configuration/configuration.js'
import type { Environment } from '../configuration/environment.js'
import type { ProviderEntry } from './provider-entry.js'

/** Options and environment of one provider after precedence and the binding of keys. */
export interface BoundSetup {
  readonly options: ProviderConfiguration
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a key is there to be sent. */
  readonly hasKey: boolean
  /** For people: a key that was held back, and how to have it sent. */
  readonly notices: readonly string[]
}

/**
 * Puts the environment before the file, and keeps keys from addresses that came with a folder: a
 * repository with an `openmux.config.json` or a `.env` of its own must not be able to have the
 * user's own key sent to a server it names.
 */
export function bindKeys(
  entry: Pick<ProviderEntry, 'variables' | 'addresses' | 'keyOption'>,
  fromFile: ProviderConfiguration,
  file: Source | undefined,
  environment: Environment,
): BoundSetup {
  const options: Record<string, unknown> = { ...fromFile }
  const env: Record<string, string | undefined> = { ...environment.values }
  const notices: string[] = []
  const address = addressOf(entry, options, file, environment)
  for (const { name, option, countsFor } of entry.variables) {
    const counts = countsFor === undefined || countsFor(address?.value)
    if (environment.sourceOf(name) !== undefined && counts) delete options[option]
  }
  const key = keyOf(entry, options, file, environment)
  const heldBack = address?.source.trust === 'folder' && key?.source.trust === 'user'
  if (heldBack) {
    delete options[key.option]
    if (key.variable !== undefined) delete env[key.variable]
    const way =
      address.variable === undefined
        ? `Name the address in a configuration file of your own, or the file by --config, if you trust it.`
        : `Set ${address.variable} in your environment if you trust it.`
    notices.push(
      `${key.variable ?? 'A key'} is not sent to the address that ${address.source.name} names: the key is yours, the address came with the folder. ${way}`,
    )
  }
  return { options, env, hasKey: key !== undefined && !heldBack, notices }
}

interface Address {
  /** The variable that names it, or could. */
  readonly variable: string | undefined
  readonly value: string
  readonly source: Source
}

/** Who says where keys go: the environment before the file. Undefined: nobody, so it is the usual address. */
function addressOf(
  { variables, addresses }: Pick<ProviderEntry, 'variables' | 'addresses'>,
  options: Readonly<Record<string, unknown>>,
  file: Source | undefined,
  environment: Environment,
): Address | undefined {
  const variable = variables.find(({ role }) => role === 'address')?.name
  const source = variable === undefined ? undefined : environment.sourceOf(variable)
  if (variable !== undefined && source !== undefined)
    return { variable, value: environment.values[variable] ?? '', source }
  const value = addresses.map((option) => options[option]).find((own) => typeof own === 'string')
  return value === undefined || file === undefined ? undefined : { variable, value, source: file }
}

interface Key {
  /** The variable that holds it, or could. */
  readonly variable: string | undefined
  readonly option: string
  readonly source: Source
}

/** Where the key comes from. A blank one is none. */
function keyOf(
  { variables, keyOption: option }: Pick<ProviderEntry, 'variables' | 'keyOption'>,
  options: Readonly<Record<string, unknown>>,
  file: Source | undefined,
  environment: Environment,
): Key | undefined {
  if (option === undefined) return undefined
  const variable = variables.find(({ role }) => role === 'key')?.name
  const own = options[option]
  // For a key that only counts for some addresses, the file's own stands.
  if (typeof own === 'string' && own.trim() !== '' && file !== undefined)
    return { variable, option, source: file }
  const source = variable === undefined ? undefined : environment.sourceOf(variable)
  return source === undefined ? undefined : { variable, option, source }
}
