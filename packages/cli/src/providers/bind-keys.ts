import type { ProviderConfiguration, Source } from '../configuration/configuration.js'
import type { Environment } from '../configuration/environment.js'
import type { ProviderEntry } from './provider-entry.js'

/** Options and environment of one provider after precedence and the binding of keys. */
export interface BoundSetup {
  readonly options: ProviderConfiguration
  readonly env: Readonly<Record<string, string | undefined>>
  /** Whether a key is there to be sent. */
  readonly hasKey: boolean
  /** What to do where a key is set and not sent. */
  readonly way?: string
  /** For people: a key that was held back, and how to have it sent. */
  readonly notices: readonly string[]
}

/**
 * Puts the environment before the file, and keeps keys from addresses that came with a folder: a
 * repository with an `openmux.config.json` or a `.env` of its own must not be able to have the
 * user's own key sent to a server it names.
 */
export function bindKeys(
  entry: Pick<ProviderEntry, 'id' | 'variables' | 'addresses' | 'keyOption' | 'needsKey'>,
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
  // The first of the addresses is where requests go.
  const target = addressOf({ ...entry, addresses: entry.addresses.slice(0, 1) }, options, file, environment)
  const key = keyOf(entry, options, file, environment, target?.value)
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
    return { options, env, hasKey: false, way, notices }
  }
  // Who works without a key has nothing to miss; what is no address at all the package says better.
  const isElsewhere = target !== undefined && URL.canParse(target.value)
  if (key?.isForIt !== false || !isElsewhere || entry.needsKey === undefined)
    return { options, env, hasKey: key !== undefined, notices }
  const way = `Give the key beside the address, as providers.${entry.id}.${key.option}.`
  notices.push(
    `${key.variable} is not sent to the address that ${target.source.name} names: it is meant for the service's own address. ${way}`,
  )
  return { options, env, hasKey: false, way, notices }
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
  /** Whether it goes to the address; what stands beside the address does. */
  readonly isForIt: boolean
}

/** Where the key comes from. A blank one is none. */
function keyOf(
  { variables, keyOption: option }: Pick<ProviderEntry, 'variables' | 'keyOption'>,
  options: Readonly<Record<string, unknown>>,
  file: Source | undefined,
  environment: Environment,
  address: string | undefined,
): Key | undefined {
  if (option === undefined) return undefined
  const { name: variable, countsFor, sentTo = countsFor } = variables.find(({ role }) => role === 'key') ?? {}
  const own = options[option]
  // For a key that only counts for some addresses, the file's own stands.
  if (typeof own === 'string' && own.trim() !== '' && file !== undefined)
    return { variable, option, source: file, isForIt: true }
  const source = variable === undefined ? undefined : environment.sourceOf(variable)
  const isForIt = sentTo?.(address) ?? true
  return source === undefined ? undefined : { variable, option, source, isForIt }
}
