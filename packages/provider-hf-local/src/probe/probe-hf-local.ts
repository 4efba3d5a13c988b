import type { CallContext, ModelCard, ProbeCheck, ProbeOptions } from '@openmux/core'
import { spendChecks, type TriedProvider } from '@openmux/core/probe'
import type { Settings } from '../settings.js'
import { cacheChecks } from './cache-checks.js'
import { hubChecks } from './hub-checks.js'
import { runtimeCheck } from './runtime-check.js'

/**
 * What local models rest on: the library, the folder they are kept in, and the hub they come from. Fetches no model;
 * with `spend` a model that is there already answers.
 */
export async function probeHfLocal(
  settings: Settings,
  provider: TriedProvider,
  cards: () => Promise<readonly ModelCard[]>,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const [runtime, hub, ...cache] = await Promise.all([
    runtimeCheck(settings, context),
    hubChecks(settings, context),
    ...cacheChecks(settings, cards, context),
  ])
  const endpoints = { chat: 'this process', embeddings: 'this process' }
  return [runtime, ...cache, ...hub, ...(await spendChecks(provider, { spend, endpoints }, context))]
}
