import { type CallContext, type Capabilities, systemClock } from '@openmux/core'
import { createCallScopes, createHttpClient, defined } from '@openmux/http'
import { chat } from './chat/chat.js'
import { type OllamaAddress, parseOllamaAddress } from './config/host.js'
import { checkOllamaOptions, type OllamaOptions, wireKeepAlive } from './config/options.js'
import { discoverOllama } from './discover/discover-ollama.js'
import { embed } from './embed/embed.js'
import { asCall, type Engine } from './engine.js'
import { explainOllamaError } from './errors/explain.js'
import { modelNotFound } from './errors/not-found-error.js'
import { LIFECYCLE } from './lifecycle.js'
import { createLoader } from './loading/loader.js'
import { createStartLoad } from './loading/start-load.js'
import { deleteModel, unload } from './manage/unload.js'
import { pull } from './manage/pull.js'
import { createCatalog } from './models/catalog.js'
import { listCards } from './models/list-cards.js'
import { recommendModels } from './models/recommend.js'
import { localMemoryBytes } from './models/server-memory.js'
import type { OllamaCallOptions, OllamaProvider } from './ollama-provider.js'
import { probeOllama } from './probe/probe-ollama.js'
import { ready } from './ready/ready.js'
import { createServerApi } from './server-api.js'

const SUPPORTS: Capabilities = {
  streaming: true,
  tools: true,
  json: true,
  jsonSchema: true,
  vision: true,
  reasoning: true,
  seed: true,
  prefill: true,
  logprobs: false,
}

const DEFAULT_EMBED_BATCH = 64

/**
 * An Ollama server as a provider, by its native API. Reads the environment once, does no I/O. Throws
 * `bad-config` that names the option or variable at fault.
 *
 * Its locality is `local`, also for a server elsewhere in the user's network; `remote` for `ollama.com`.
 * A local server can pass prompts on to models in Ollama's cloud when they are named (`name:cloud`);
 * their cards say `hosted`, they are never recommended, and `cloudModels: false` forbids them.
 */
export function ollama(options: OllamaOptions = {}): OllamaProvider {
  checkOllamaOptions(options)
  const address = addressOf(options)
  const engine = createEngine(options, address)
  const { api, catalog, client, loader, scopes, settings } = engine
  const listing = { api, catalog, ...settings }
  const own = <T>(
    call: OllamaCallOptions | undefined,
    model: string | undefined,
    work: (context: CallContext) => Promise<T>,
  ): Promise<T> =>
    asCall(engine, { signal: call?.signal ?? new AbortController().signal, clock: systemClock }, model, work)

  const provider: OllamaProvider = {
    contract: 1,
    id: 'ollama',
    name: 'Ollama',
    aliases: ['ollama-local', 'local-ollama'],
    lifecycle: LIFECYCLE,
    locality: address.isCloud ? 'remote' : 'local',
    tasks: ['chat', 'code', 'embeddings'],
    supports: SUPPORTS,
    hosts: [client.host],
    ready: (context) => asCall(engine, context, undefined, (call) => ready(engine, call)),
    models: (context) => asCall(engine, context, undefined, (call) => listCards(listing, call)),
    recommend: async (need, context) => {
      const cards = await asCall(engine, context, undefined, (call) => listCards(listing, call))
      return recommendModels(cards, need, {
        hosted: settings.isCloud,
        ...defined({ memoryBytes: settings.memoryBytes }),
      })
    },
    chat: (request, context) => chat(engine, request, context),
    embed: (request, context) =>
      asCall(engine, context, request.model, (call) => embed(engine, request, call)),
    probe: (wish, context) =>
      asCall(engine, context, undefined, (call) => probeOllama(engine, provider, wish, call)),
    discover: (wish, context) =>
      asCall(engine, context, undefined, (call) => discoverOllama(engine, wish, call)),
    async close() {
      scopes.close()
      loader.close()
      await client.close()
    },
    version: (call) => own(call, undefined, (context) => api.version(context)),
    tags: (call) => own(call, undefined, (context) => api.tags(context)),
    show: (model, call) => own(call, model, (context) => api.show(model, context)),
    running: (call) => own(call, undefined, async (context) => (await api.running(context)) ?? []),
    pull: (model, call) =>
      own(call, model, async (context) => {
        await pull(client, model, context, call?.onProgress)
        catalog.forget(model)
      }),
    delete: (model, call) =>
      own(call, model, async (context) => {
        await deleteModel(client, model, context)
        catalog.forget(model)
      }),
    unload: (model, call) =>
      own(call, model, async (context) => {
        await unload(client, model, context)
        catalog.forget(model)
      }),
  }
  return provider
}

function createEngine(options: OllamaOptions, address: OllamaAddress): Engine {
  const apiKey =
    options.apiKey ?? (address.isCloud ? environmentOf(options)['OLLAMA_API_KEY']?.trim() : undefined)
  const hasKey = apiKey !== undefined && apiKey !== ''
  const client = createHttpClient({
    provider: 'ollama',
    baseURL: address.baseURL,
    explain: explainOllamaError,
    // What stays with the user passes no proxy, wherever in their network the server is.
    environment: address.isCloud ? environmentOf(options) : {},
    ...defined({ fetch: options.fetch, apiKey: hasKey ? apiKey : undefined }),
  })
  const api = createServerApi(client)
  const { isCloud } = address
  const catalog = createCatalog({ api, isCloud, notFound: modelNotFound })
  const startLoad = createStartLoad(client)
  return {
    client,
    api,
    catalog,
    loader: createLoader(async (wish, context) => {
      await startLoad(wish, context)
      // Here, and not by those who wait: they may all have left.
      catalog.noteLoaded(wish.model, wish.contextTokens, context.clock.now())
    }),
    scopes: createCallScopes('ollama'),
    settings: {
      host: address.host,
      isCloud,
      hasKey,
      cloudModels: options.cloudModels ?? true,
      embedBatch: options.embedBatch ?? DEFAULT_EMBED_BATCH,
      ...defined({
        contextTokens: options.contextTokens,
        maxContextTokens: options.maxContextTokens,
        keepAlive: wireKeepAlive(options.keepAlive),
        memoryBytes: options.memoryBytes ?? localMemoryBytes(address.isLoopback),
      }),
    },
  }
}

function addressOf(options: OllamaOptions): OllamaAddress {
  if (options.baseURL !== undefined) return parseOllamaAddress(options.baseURL, 'baseURL')
  return parseOllamaAddress(environmentOf(options)['OLLAMA_HOST'] ?? '')
}

function environmentOf({ environment }: OllamaOptions): Readonly<Record<string, string | undefined>> {
  return environment ?? (typeof process === 'undefined' ? {} : process.env)
}
