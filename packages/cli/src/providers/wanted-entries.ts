import { OpenMuxError } from '@openmux/core'
import { didYouMean } from '@openmux/core/names'
import type { Preset } from '@openmux/openai-compatible'
import type { Configuration } from '../configuration/configuration.js'
import type { ProviderSettings } from './create-providers.js'
import { compatibleEntry, ownEntry } from './own-servers.js'
import type { ProviderEntry } from './provider-entry.js'
import { findNamed, namesThereAre } from './spelling.js'

/**
 * The providers of a run, in the order they are tried: those of `order`, or the usual ones with the user's own servers
 * behind the first of them; and whoever is named (`--provider`, `--prefer`), also a preset that nobody configured.
 * `presets` is only called when a name is not known. Throws `bad-config` and `bad-request` for names nobody has.
 */
export async function wantedEntries(
  known: readonly ProviderEntry[],
  settings: ProviderSettings,
  presets: () => Promise<readonly Preset[]>,
): Promise<readonly ProviderEntry[]> {
  const { configuration } = settings
  const own = await ownEntries(known, settings, presets)
  const [first, ...others] = known
  const usual = first === undefined ? own : [first, ...own, ...others]
  const all = async (): Promise<readonly ProviderEntry[]> => [
    ...usual,
    ...(await presets())
      .filter(({ id }) => usual.every((entry) => entry.id !== id))
      .map((preset) => compatibleEntry(preset.id, {}, [preset])),
  ]
  /** Presets are only looked at for a name that is no other's. */
  const named = async (spelling: string): Promise<ProviderEntry | undefined> =>
    findNamed(spelling, usual) ?? findNamed(spelling, await all())

  const ordered = configuration.order === undefined ? usual : await inOrder(configuration.order)
  const wanted = [...ordered]
  const pinned = configuration.provider
  if (pinned !== undefined) wanted.push(await pinnedEntry(pinned))
  const owner = ownerOf(configuration, usual)
  if (owner !== undefined) wanted.push(owner)
  for (const wish of configuration.prefer ?? []) {
    // What has a slash or a colon is a model.
    const entry = /[/:]/.test(wish) ? undefined : await named(wish)
    if (entry !== undefined) wanted.push(entry)
  }
  return [...new Map(wanted.map((entry) => [entry.id, entry])).values()].filter(
    ({ id }) => settings.providers[id]?.enabled !== false,
  )

  async function inOrder(order: readonly string[]): Promise<readonly ProviderEntry[]> {
    return Promise.all(
      order.map(async (id, place) => {
        const entry = usual.find((one) => one.id === id) ?? (await all()).find((one) => one.id === id)
        if (entry !== undefined) return entry
        const ids = usual.map((one) => one.id)
        const field = `order[${place}]`
        throw unknownName(
          `${settings.file?.name ?? 'The configuration'}: ${field}`,
          field,
          ids,
          namesThereAre(
            id,
            (await all()).map((one) => one.id),
          ),
        )
      }),
    )
  }

  async function pinnedEntry(spelling: string): Promise<ProviderEntry> {
    const entry = await named(spelling)
    if (entry === undefined) throw nobodyCalled(spelling, usual, await all())
    if (settings.providers[entry.id]?.enabled === false) throw switchedOff(entry.id, settings)
    return entry
  }
}

/** `ollama/llama3.2` names its provider. Only those that are set up: `openai/gpt-oss-20b` is the name of a model. */
function ownerOf({ model }: Configuration, usual: readonly ProviderEntry[]): ProviderEntry | undefined {
  const slash = model?.indexOf('/') ?? -1
  return model === undefined || slash <= 0 ? undefined : findNamed(model.slice(0, slash), usual)
}

async function ownEntries(
  known: readonly ProviderEntry[],
  { providers }: ProviderSettings,
  presets: () => Promise<readonly Preset[]>,
): Promise<readonly ProviderEntry[]> {
  const ids = Object.keys(providers).filter((id) => known.every((entry) => entry.id !== id))
  if (ids.length === 0) return []
  const all = await presets()
  return ids.map((id) => ownEntry(id, providers[id] ?? {}, all))
}

/** A list that names nobody. `where`: who says so, for people. */
export function unknownName(
  where: string,
  field: string,
  ids: readonly string[],
  hint: string,
): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    field,
    message: `${where} names a provider that does not exist; expected one of ${ids.join(', ')}.`,
    hint,
  })
}

function nobodyCalled(
  spelling: string,
  usual: readonly ProviderEntry[],
  all: readonly ProviderEntry[],
): OpenMuxError {
  const ids = usual.map(({ id }) => id)
  const near = didYouMean(
    spelling,
    all.map(({ id }) => id),
  )
  const presets = all.filter(({ id }) => !ids.includes(id)).map(({ id }) => id)
  return new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: `No provider is called "${spelling}".`,
    hint:
      near === undefined
        ? `There are: ${ids.join(', ')}; and by name ${presets.join(', ')}.`
        : `Did you mean ${near}?`,
  })
}

function switchedOff(id: string, { file }: Pick<ProviderSettings, 'file'>): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    provider: id,
    message: `${id} is switched off by ${file?.name ?? 'the configuration'}.`,
    hint: `Take providers.${id}.enabled out of the file, or ask another provider.`,
  })
}
