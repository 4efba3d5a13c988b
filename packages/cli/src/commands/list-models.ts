import { type ModelListing, OpenMuxError } from '@openmux/core'
import { closest } from 'fastest-levenshtein'
import type { CommandContext } from './context.js'

/** The models, narrowed by `--provider` and `--task`. Errors: `bad-request` for a provider that does not exist. */
export async function listModels(context: CommandContext): Promise<ModelListing> {
  const { options, settings, interrupts } = context
  const openmux = await context.openMux()
  const listing = await openmux.models({ signal: interrupts.signal })
  const { provider } = settings.configuration
  const { task } = options
  const wanted =
    options.provider === undefined ? undefined : await idOf(provider ?? options.provider, context)
  return {
    models: listing.models.filter(
      (model) =>
        (wanted === undefined || model.provider === wanted) &&
        (task === undefined || model.tasks.includes(task)),
    ),
    failures: listing.failures.filter((failure) => wanted === undefined || failure.provider === wanted),
  }
}

async function idOf(spelling: string, context: CommandContext): Promise<string> {
  const openmux = await context.openMux()
  const reports = await openmux.providers({ signal: context.interrupts.signal })
  const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
  const found = reports.find(
    ({ id, name }) => plain(id) === plain(spelling) || plain(name) === plain(spelling),
  )
  if (found !== undefined) return found.id
  const ids = reports.map(({ id }) => id)
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: `No provider is called "${spelling}".`,
    hint:
      ids.length === 0
        ? 'No provider is switched on.'
        : `Did you mean ${closest(spelling, ids)}? There are: ${ids.join(', ')}.`,
  })
}
