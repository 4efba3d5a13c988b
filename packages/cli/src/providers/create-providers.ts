import { isOpenMuxError, OpenMuxError, type Provider } from '@openmux/core'
import { closest } from 'fastest-levenshtein'
import type { Source } from '../configuration/configuration.js'
import type { Settings } from '../configuration/settings.js'
import { bindKeys } from './bind-keys.js'
import { missingProvider } from './missing-provider.js'
import { type ProviderEntry, PROVIDERS } from './registry.js'

/** What a maker of providers is given. */
export type ProviderSettings = Pick<Settings, 'configuration' | 'providers' | 'environment' | 'file'>

/** The providers of a run, and what a person should be told about how they were made. */
export interface CreatedProviders {
  readonly providers: readonly Provider[]
  /** Ids to use although their package says `disabled`. */
  readonly forceEnabled: readonly string[]
  readonly notices: readonly string[]
}

/** Makes the back ends of a run from its settings. */
export type ProvidersFactory = (settings: ProviderSettings) => Promise<CreatedProviders>

/** The factory over {@link PROVIDERS}, or over other entries. Errors: `bad-config`. */
export function providersFrom(entries: readonly ProviderEntry[] = PROVIDERS): ProvidersFactory {
  return async (settings) => {
    const wanted = inOrder(entries, settings).filter(({ id }) => settings.providers[id]?.enabled !== false)
    const notices: string[] = []
    const providers = await Promise.all(
      wanted.map(async (entry) => {
        const { enabled: _enabled, ...fromFile } = settings.providers[entry.id] ?? {}
        const bound = bindKeys(entry, fromFile, settings.file, settings.environment)
        notices.push(...bound.notices)
        return loadOne(entry, bound, settings)
      }),
    )
    const forceEnabled = wanted
      .filter(({ id }) => settings.providers[id]?.enabled === true)
      .map(({ id }) => id)
    return { providers, forceEnabled, notices }
  }
}

function inOrder(
  entries: readonly ProviderEntry[],
  { configuration, file }: ProviderSettings,
): readonly ProviderEntry[] {
  if (configuration.order === undefined) return entries
  const ids = entries.map(({ id }) => id)
  return [...new Set(configuration.order)].map((id, place) => {
    const entry = entries.find((one) => one.id === id)
    if (entry !== undefined) return entry
    throw new OpenMuxError({
      code: 'bad-config',
      field: `order[${place}]`,
      message: `${file?.name ?? 'The configuration'}: order[${place}] names a provider that does not exist; expected one of ${ids.join(', ')}.`,
      hint: `Did you mean ${closest(id, ids)}?`,
    })
  })
}

async function loadOne(
  entry: ProviderEntry,
  { options, env }: ReturnType<typeof bindKeys>,
  { configuration, file }: ProviderSettings,
): Promise<Provider> {
  const offline = configuration.offline === true
  try {
    return await entry.load({ options, env, offline, stayLocal: offline || configuration.localOnly === true })
  } catch (error) {
    if (isMissing(error, entry.packageName)) return missingProvider(entry)
    throw isOpenMuxError(error) ? inTheFile(error, entry.id, options, file) : error
  }
}

/** A complaint about an option that stands in the file says where it stands. */
function inTheFile(error: OpenMuxError, id: string, options: object, file: Source | undefined): OpenMuxError {
  const [option = ''] = (error.field ?? '').split(/[.[]/)
  if (error.code !== 'bad-config' || file === undefined || !(option in options)) return error
  const field = `providers.${id}.${error.field ?? ''}`
  return new OpenMuxError({
    code: 'bad-config',
    provider: id,
    field,
    message: `${file.name}: ${field} is wrong. ${error.message}`,
    hint: error.hint,
    cause: error,
  })
}

/** The package itself is missing – not something that it needs and its own error tells better. */
function isMissing(error: unknown, packageName: string): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return (
    code === 'ERR_MODULE_NOT_FOUND' && error instanceof Error && error.message.includes(`'${packageName}'`)
  )
}
