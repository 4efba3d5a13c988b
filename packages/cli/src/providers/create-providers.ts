import { isOpenMuxError, type Lifecycle, type Provider } from '@openmux/core'
import type { Settings } from '../configuration/settings.js'
import { bindKeys, type BoundSetup } from './bind-keys.js'
import { knownPresets, type UsablePreset, usablePresets } from './presets.js'
import type { ProviderEntry } from './provider-entry.js'
import { inTheFile, inTheVariable, isMissing, variableAtFault } from './provider-errors.js'
import { PROVIDERS } from './registry.js'
import { findNamed, type Named, namesThereAre } from './spelling.js'
import {
  type Excuse,
  misconfigured,
  notConfigured,
  notInstalled,
  OFFLINE,
  standIn,
  type StandInReason,
} from './stand-in.js'
import { unknownName, wantedEntries } from './wanted-entries.js'

/** What a maker of providers is given. */
export type ProviderSettings = Pick<
  Settings,
  'configuration' | 'providers' | 'environment' | 'file' | 'forceEnabledBy'
>

/** The providers of a run, and what a person should be told about how they were made. */
export interface CreatedProviders {
  readonly providers: readonly Provider[]
  /** Ids to use although their package says `disabled`. */
  readonly forceEnabled: readonly string[]
  readonly notices: readonly string[]
  /** Why a provider, by id, cannot be used as things stand: then another stands in its place. */
  readonly standIns?: ReadonlyMap<string, StandInReason>
  /** What the package itself says of a provider in whose place another stands; loads it. Undefined: nobody stands there, or it cannot be loaded. */
  readonly lifecycleOf?: (id: string) => Promise<Lifecycle | undefined>
  /** The provider itself where another stands only for want of a key: for looking at its back end. Whoever asks closes it. */
  readonly withoutKey?: (id: string) => Promise<Provider | undefined>
  /** Presets that could be named at once. Loads their list; asks nobody. */
  readonly usablePresets?: () => Promise<readonly UsablePreset[]>
}

/** Makes the back ends of a run from its settings. */
export type ProvidersFactory = (settings: ProviderSettings) => Promise<CreatedProviders>

/** The factory over {@link PROVIDERS}, or over other entries. Errors: `bad-config`, `bad-request` for a `provider` nobody has. */
export function providersFrom(entries: readonly ProviderEntry[] = PROVIDERS): ProvidersFactory {
  return async (settings) => {
    const { configuration, environment, file } = settings
    const wanted = await wantedEntries(entries, settings, knownPresets)
    const pinned =
      configuration.provider === undefined ? undefined : findNamed(configuration.provider, wanted)?.id
    const made = await Promise.all(
      wanted.map(async (entry): Promise<Made> => {
        const { enabled: _enabled, ...fromFile } = settings.providers[entry.id] ?? {}
        const bound = bindKeys(entry, fromFile, file, environment)
        const one = await makeOne(entry, bound, settings, entry.id === pinned)
        return { ...one, notices: [...bound.notices, ...one.notices] }
      }),
    )
    return {
      providers: made.map(({ provider }) => provider),
      forceEnabled: await forced(settings, [...made.map(({ provider }) => provider), ...entries]),
      notices: made.flatMap(({ notices }) => notices),
      standIns: new Map(made.flatMap(({ provider, why }) => (why === undefined ? [] : [[provider.id, why]]))),
      lifecycleOf: async (id) => {
        const entry = made.some(({ provider, why }) => provider.id === id && why === 'not-configured')
          ? wanted.find((one) => one.id === id)
          : undefined
        return entry === undefined ? undefined : lifecycleOfPackage(entry)
      },
      withoutKey: async (id) => made.find(({ provider }) => provider.id === id)?.withoutKey?.(),
      usablePresets: async () =>
        usablePresets(
          await knownPresets(),
          (variable) => environment.sourceOf(variable) !== undefined,
          [...entries, ...wanted].map(({ id }) => id).concat(Object.keys(settings.providers)),
        ),
    }
  }
}

interface Made {
  readonly provider: Provider
  readonly why?: StandInReason
  readonly notices: readonly string[]
  /** Loads the provider all the same. */
  readonly withoutKey?: () => Promise<Provider>
}

async function makeOne(
  entry: ProviderEntry,
  bound: BoundSetup,
  settings: ProviderSettings,
  isPinned: boolean,
): Promise<Made> {
  const { configuration, file } = settings
  const offline = configuration.offline === true
  if (entry.needsKey !== undefined && !bound.hasKey) {
    const { options, env } = bound
    return {
      ...excused(entry, notConfigured(bound.way ?? entry.needsKey.remedy, bound.notices.length > 0)),
      ...(!offline && { withoutKey: () => entry.load({ options, env, offline: false, stayLocal: false }) }),
    }
  }
  try {
    const provider = await entry.load({
      options: bound.options,
      env: bound.env,
      offline,
      stayLocal: offline || configuration.localOnly === true,
      withGuide: configuration.nano !== false,
    })
    if (!offline || provider.locality === 'local') return { provider, notices: [] }
    await provider.close()
    return excused(provider, OFFLINE)
  } catch (error) {
    if (isMissing(error, entry.packageName)) return excused(entry, notInstalled(entry.packageName))
    if (!isOpenMuxError(error)) throw error
    const variable = variableAtFault(error, entry, bound.options)
    if (variable === undefined)
      throw inTheFile(error, entry.id, bound.options, file, entry.id in settings.providers)
    const named = inTheVariable(error, entry.id, variable)
    if (isPinned) throw named
    // A key in the environment may be meant for another program: it must not stop the others from answering.
    return { ...excused(entry, misconfigured(named)), notices: [`${entry.id} is left out. ${named.message}`] }
  }
}

/** Packages keep their own stage up to date, also those that were updated after this program was built. */
async function lifecycleOfPackage(entry: ProviderEntry): Promise<Lifecycle | undefined> {
  try {
    const provider = await entry.load({ options: {}, env: {}, offline: true, stayLocal: true })
    await provider.close()
    return provider.lifecycle
  } catch {
    // Not installed, or not to be made without options: what was known when this was built is shown.
    return undefined
  }
}

function excused(entry: Parameters<typeof standIn>[0], excuse: Excuse): Made {
  return { provider: standIn(entry, excuse), why: excuse.why, notices: [] }
}

/** The ids that are meant by `forceEnabled`, also of providers that are not part of this run. Throws `bad-config` for a name nobody has. */
async function forced(
  { configuration, file, forceEnabledBy }: ProviderSettings,
  known: readonly Named[],
): Promise<readonly string[]> {
  return Promise.all(
    (configuration.forceEnabled ?? []).map(async (spelling, place) => {
      const found = findNamed(spelling, known) ?? findNamed(spelling, await knownPresets())
      if (found !== undefined) return found.id
      const ids = [...new Set(known.map(({ id }) => id))]
      const where = forceEnabledBy ?? `${file?.name ?? 'The configuration'}: forceEnabled[${place}]`
      throw unknownName(where, forceEnabledBy ?? `forceEnabled[${place}]`, ids, namesThereAre(spelling, ids))
    }),
  )
}
