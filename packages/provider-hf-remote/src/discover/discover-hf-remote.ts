import {
  type CallContext,
  type Capabilities,
  type DiscoveredModel,
  type Discovery,
  type DiscoverOptions,
  isOpenMuxError,
  type ModelCard,
  type Task,
} from '@openmux/core'
import { type FetchLike, objectsOf, textOf } from '@openmux/http'
import { recommendModels } from '@openmux/openai-compatible'
import { EMBEDDING_ROUTES } from '../embed/choose-server.js'
import { rankChoices } from '../models/rank.js'
import { embeddingCard, readEmbeddingList } from '../models/read-embedding-list.js'
import { readRouterList } from '../models/read-router-models.js'
import { retiredChecks } from '../probe/retired-checks.js'
import { routerChecks } from '../probe/router-checks.js'
import type { RemoteEngine } from '../remote-engine.js'
import { readModelServers } from './model-servers.js'

/** Longest wait for a list, ms. */
const LIST_MS = 10_000

/** The tasks of the hub whose models make vectors. */
const EMBEDDING_TAGS = ['feature-extraction', 'sentence-similarity'] as const

/**
 * Which forms of addresses answer, and which models are served by whom: chat models by the router's list, embedding
 * models by the hub's lists for every inference provider this package has a route to. The lists need no token.
 */
export async function discoverHfRemote(
  engine: RemoteEngine,
  supports: Capabilities,
  fetch: FetchLike | undefined,
  { task }: DiscoverOptions,
  context: CallContext,
): Promise<Discovery> {
  const notes: string[] = []
  const unlessItFails = async (
    what: string,
    find: Promise<readonly DiscoveredModel[]>,
  ): Promise<readonly DiscoveredModel[]> => {
    try {
      return await find
    } catch (error) {
      if (!isOpenMuxError(error) || error.code === 'aborted') throw error
      notes.push(`${what} could not be listed: ${error.message}`)
      return []
    }
  }
  const wantsChat = task !== 'embeddings'
  const wantsVectors = task === undefined || task === 'embeddings'
  const [endpoints, chats, embeddings] = await Promise.all([
    Promise.all([...routerChecks(engine, context), ...retiredChecks(engine, fetch, context)]),
    wantsChat ? unlessItFails('Chat models', chatModels(engine, supports, task, context)) : [],
    wantsVectors ? unlessItFails('Embedding models', embeddingModels(engine, context)) : [],
  ])
  if (engine.token.value === undefined) notes.push(engine.token.problem ?? 'No token is set.')
  return { endpoints, models: [...chats, ...embeddings], notes }
}

async function chatModels(
  { router, id }: RemoteEngine,
  supports: Capabilities,
  task: Task | undefined,
  context: CallContext,
): Promise<readonly DiscoveredModel[]> {
  const timeouts = { headersMs: LIST_MS, idleMs: LIST_MS }
  const { value } = await router.json({ path: '/v1/models', context, timeouts })
  const servers = readModelServers(value)
  const need = { task: task ?? 'chat', capabilities: [] }
  return rankChoices(recommendModels(readRouterList(value, id), need, supports)).map(({ model, reason }) => {
    const servedBy = servers.get(model.id)
    return { model, ...(servedBy === undefined ? {} : { servedBy }), note: reason }
  })
}

async function embeddingModels(
  { hub }: RemoteEngine,
  context: CallContext,
): Promise<readonly DiscoveredModel[]> {
  const timeouts = { headersMs: LIST_MS, idleMs: LIST_MS }
  const lists = await Promise.all(
    Object.keys(EMBEDDING_ROUTES).flatMap((server) =>
      EMBEDDING_TAGS.map(async (tag) => {
        const path = `/api/models?inference_provider=${server}&pipeline_tag=${tag}&limit=100`
        return { server, list: (await hub.json({ path, context, timeouts })).value }
      }),
    ),
  )
  const servers = new Map<string, Set<string>>()
  for (const { server, list } of lists) {
    for (const entry of objectsOf(list)) {
      const id = textOf(entry['id'])
      if (id !== undefined) servers.set(id, (servers.get(id) ?? new Set()).add(server))
    }
  }
  const ordered: readonly ModelCard[] = readEmbeddingList([...servers.keys()].map((id) => ({ id })))
  return ordered.map(({ id }) => ({
    model: embeddingCard(id),
    servedBy: [...(servers.get(id) ?? [])].map((name) => ({ name, status: 'live' })),
  }))
}
