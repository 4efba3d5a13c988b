import { type ModelListing, OpenMuxError, type Provider } from '@openmux/core'
import type { CreatedProviders } from '../providers/create-providers.js'
import { findNamed, namesThereAre } from '../providers/spelling.js'
import type { CommandContext } from './context.js'
import { listedWithin } from './listed-within.js'

/** Time for one list, ms: a server that is there answers at once, a service on the network a little later. */
const LIMIT_MS = { local: 1_500, remote: 4_000 } as const

/**
 * The models, narrowed by `--provider`, `--task`, `--free` and `--min-context`: what is known in a short time, and who was too slow for that.
 * Providers that nobody set up are no failures, unless they are asked for.
 * Errors: `bad-request` for a provider that does not exist.
 */
export async function listModels(context: CommandContext): Promise<ModelListing> {
  const { options, interrupts } = context
  const created = await context.created()
  const wanted = options.provider === undefined ? undefined : idOf(options.provider, created)
  const openmux = await context.openMux((provider) =>
    wanted === undefined || provider.id === wanted
      ? listedWithin(provider, limitMs(provider, options.timeout))
      : { ...provider, models: async () => [] },
  )
  const listing = await openmux.models({ signal: interrupts.signal })
  const { task } = options
  const { zeroCost = false, minContextTokens = 0 } = context.settings.configuration
  return {
    models: listing.models.filter(
      (model) =>
        (task === undefined || model.tasks.includes(task)) &&
        (!zeroCost || model.free) &&
        // As a request would see it: an unknown window is not too small.
        (model.contextTokens ?? Infinity) >= minContextTokens,
    ),
    failures: listing.failures.filter(
      ({ provider }) => provider === wanted || (wanted === undefined && !isLeftOut(provider, created)),
    ),
  }
}

/** Undefined: no limit. A time that the user gave holds for the whole; its last part is kept for showing what came. */
function limitMs({ locality }: Provider, timeoutSeconds: number | undefined): number | undefined {
  if (timeoutSeconds === undefined) return LIMIT_MS[locality]
  const whole = timeoutSeconds * 1_000
  return whole === 0 ? undefined : Math.max(whole / 2, whole - 250)
}

function isLeftOut(id: string, { standIns }: CreatedProviders): boolean {
  const why = standIns?.get(id)
  // What is wrong or not installed is news; what was never set up is not.
  return why === 'not-configured' || why === 'offline'
}

function idOf(spelling: string, { providers }: CreatedProviders): string {
  const found = findNamed(spelling, providers)
  if (found !== undefined) return found.id
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: `No provider is called "${spelling}".`,
    hint: namesThereAre(
      spelling,
      providers.map(({ id }) => id),
    ),
  })
}
