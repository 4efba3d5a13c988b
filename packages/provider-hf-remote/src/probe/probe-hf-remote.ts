import type { CallContext, ProbeCheck, ProbeOptions, Provider } from '@openmux/core'
import { spendChecks } from '@openmux/core/probe'
import type { FetchLike } from '@openmux/http'
import type { RemoteEngine } from '../remote-engine.js'
import { hubChecks } from './hub-checks.js'
import { retiredChecks } from './retired-checks.js'
import { CHAT_PATH, FEATURES_PATH, routerChecks } from './router-checks.js'

/**
 * What this package believes about Hugging Face, asked one by one: the router's routes, the hub's lists, the token, and
 * that the retired addresses are still gone. Without `spend` no request could be answered by a model.
 */
export async function probeHfRemote(
  engine: RemoteEngine,
  provider: Pick<Provider, 'tasks' | 'models' | 'recommend' | 'chat' | 'embed'>,
  fetch: FetchLike | undefined,
  { spend }: ProbeOptions,
  context: CallContext,
): Promise<readonly ProbeCheck[]> {
  const free = await Promise.all([
    ...routerChecks(engine, context),
    ...hubChecks(engine, context),
    ...retiredChecks(engine, fetch, context),
  ])
  const { baseURL } = engine.router
  const endpoints = { chat: `POST ${baseURL}${CHAT_PATH}`, embeddings: `POST ${baseURL}${FEATURES_PATH}` }
  const obstacle = engine.token.value === undefined ? 'no token is set' : undefined
  return [...free, ...(await spendChecks(provider, { spend, obstacle, endpoints }, context))]
}
