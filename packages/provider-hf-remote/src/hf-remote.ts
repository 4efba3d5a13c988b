import type { Capabilities, ModelCard, Provider } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { createHttpClient, type HttpClient, onlyProxyVariables, shapeOf } from '@openmux/http'
import { DEFAULT_SUPPORTS, openaiCompatible, recommendModels } from '@openmux/openai-compatible'
import { createChat } from './chat.js'
import { isOwnHost, readHubURL, readRouterURL } from './config/address.js'
import { bad } from './config/bad-option.js'
import { environmentOf } from './config/environment.js'
import { readToken, type Token, withoutToken } from './config/token.js'
import { discoverHfRemote } from './discover/discover-hf-remote.js'
import { embed } from './embed/embed.js'
import { explainRouter } from './errors/explain-router.js'
import { LIFECYCLE } from './lifecycle.js'
import { createMappingLookup } from './mapping/mapping-lookup.js'
import { listEmbeddingModels } from './models/list-models.js'
import { rankChoices } from './models/rank.js'
import { readRouterList } from './models/read-router-models.js'
import type { HfRemoteOptions } from './options.js'
import { probeHfRemote } from './probe/probe-hf-remote.js'
import { isOwnRouter, RETIRED_HOST } from './probe/retired-checks.js'
import { createReady } from './ready.js'
import type { RemoteEngine } from './remote-engine.js'

/** The most that any model behind the router can do. `seed` is not: every partner decides whether to honour it. */
const SUPPORTS: Capabilities = { ...DEFAULT_SUPPORTS, seed: false }

/**
 * Hugging Face's hosted models: chat over the router, embeddings by feature extraction. Reads the environment once,
 * does no I/O. Throws `bad-config` that names the option at fault: the retired host, a path that never existed,
 * plain `http:`, a token that holds blanks.
 */
export function hfRemote(options: HfRemoteOptions = {}): Provider {
  const { engine, headers, close } = assemble(options)
  const { id, router, token } = engine
  const inner = openaiCompatible({
    id,
    name: 'Hugging Face',
    baseURL: `${router.baseURL}/v1`,
    requiresKey: false,
    locality: 'remote',
    tasks: ['chat', 'code'],
    supports: SUPPORTS,
    lifecycle: LIFECYCLE,
    headers,
    // Nothing else of the environment: the token was read above, and only for its own hosts.
    environment: engine.environment,
    ...(token.value === undefined ? {} : { apiKey: token.value }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    hooks: {
      explain: explainRouter,
      readModels: (answer) => readRouterList(answer, id),
      readMetadata(_piece, { 'x-inference-provider': server }) {
        return server === undefined ? undefined : { servedBy: server }
      },
      // hub-docs inference-providers/tasks/chat-completion.md: up to four stop texts.
      quirks: { maxStops: 4 },
    },
  })
  const chat = inner.chat
  if (chat === undefined) throw new TypeError('a provider with the task chat has no chat')
  const models: Provider['models'] = async (context) => {
    if (token.value === undefined) throw withoutToken(token, id)
    const [chats, embeddings] = await Promise.all([
      inner.models(context),
      listEmbeddingModels(engine, context),
    ])
    const all = [...chats, ...embeddings]
    return engine.allowPaid ? all : all.filter((card: ModelCard) => card.free)
  }
  const check = createReady(engine)
  const provider: Provider = {
    contract: 1,
    id,
    name: 'Hugging Face',
    aliases: ['huggingface', 'hf'],
    lifecycle: LIFECYCLE,
    locality: 'remote',
    tasks: ['chat', 'code', 'embeddings'],
    supports: SUPPORTS,
    // The retired host is only ever asked by `probe` and `discover`, and without the token.
    hosts: [...new Set([router.host, engine.hub.host, ...(isOwnRouter(engine) ? [RETIRED_HOST] : [])])],
    ready: (context) => check.ready(context),
    models,
    recommend: async (need, context) => rankChoices(recommendModels(await models(context), need, SUPPORTS)),
    chat: createChat(engine, chat, models),
    embed: (request, context) => embed(engine, request, context),
    probe: (wish, context) => probeHfRemote(engine, provider, options.fetch, wish, context),
    discover: (wish, context) => discoverHfRemote(engine, SUPPORTS, options.fetch, wish, context),
    async close() {
      check.forget()
      await Promise.all([inner.close(), close()])
    },
  }
  return provider
}

interface Assembly {
  readonly engine: RemoteEngine
  /** Sent with every request to the router. */
  readonly headers: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  token: true,
  billTo: true,
  baseURL: true,
  hubURL: true,
  allowPaid: true,
  id: true,
  embedBatch: true,
  fetch: true,
  environment: true,
} satisfies Record<keyof HfRemoteOptions, true>

function assemble(options: HfRemoteOptions): Assembly {
  checkOptionNames('hfRemote', options, OPTIONS)
  const routerURL = readRouterURL(options.baseURL)
  const hubURL = readHubURL(options.hubURL)
  const { id = 'hf-remote', embedBatch = 32, allowPaid = true } = options
  if (!(Number.isInteger(embedBatch) && embedBatch > 0))
    throw bad(
      'embedBatch',
      `The option embedBatch must be a whole number above 0; it is ${shapeOf(embedBatch)}.`,
      'Leave it out for 32.',
    )
  const token = tokenFor(options, routerURL)
  const headers = billingHeaders(options.billTo)
  const environment = onlyProxyVariables(environmentOf(options.environment))
  const client = (baseURL: string, more: object, key: string | undefined): HttpClient =>
    createHttpClient({
      provider: id,
      baseURL,
      explain: explainRouter,
      environment,
      ...more,
      ...(key === undefined ? {} : { apiKey: key }),
      ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    })
  const router = client(routerURL, { headers }, token.value)
  // The hub is told the token only where it is Hugging Face's own, or the user named both.
  const tellsHub = isOwnHost(hubURL) || options.token !== undefined
  const hub = client(hubURL, {}, tellsHub ? token.value : undefined)
  return {
    engine: {
      id,
      token,
      router,
      hub,
      mapping: createMappingLookup(hub),
      embedBatch,
      allowPaid,
      environment,
    },
    headers,
    async close() {
      await Promise.all([router.close(), hub.close()])
    },
  }
}

/** A token from the environment belongs to Hugging Face and goes nowhere else. */
function tokenFor({ token, environment }: HfRemoteOptions, routerURL: string): Token {
  const fromEnvironment = isOwnHost(routerURL) ? environmentOf(environment)['HF_TOKEN'] : undefined
  return readToken(token, fromEnvironment)
}

function billingHeaders(billTo: unknown): Readonly<Record<string, string>> {
  if (billTo === undefined) return {}
  if (typeof billTo !== 'string' || !/^[\w.-]+$/.test(billTo))
    throw bad(
      'billTo',
      `The option billTo must be the name of an organisation; it is ${shapeOf(billTo)}.`,
      'Give its name as in the address of its page.',
    )
  return { 'x-hf-bill-to': billTo }
}
