import {
  type CallContext,
  type Capabilities,
  isOpenMuxError,
  type ModelCard,
  type Provider,
} from '@openmux/core'
import { onlyProxyVariables } from '@openmux/http'
import { DEFAULT_SUPPORTS, openaiCompatible } from '@openmux/openai-compatible'
import { environmentOf } from '../config/environment.js'
import { explainEndpoint } from '../errors/explain-endpoint.js'
import { LIFECYCLE } from '../lifecycle.js'
import { type ContainerInfo, createInfoReader } from './container-info.js'
import { createEndpointChat } from './endpoint-chat.js'
import { createEndpointEmbed } from './endpoint-embed.js'
import { createEndpointEngine, type EndpointEngine, holdHeader, whileStarting } from './endpoint-engine.js'
import { probeEndpoint } from './endpoint-probe.js'
import { endpointReady } from './endpoint-ready.js'
import type { HfEndpointOptions } from './options.js'

const NO_CHAT: Capabilities = {
  streaming: false,
  tools: false,
  json: false,
  jsonSchema: false,
  vision: false,
  reasoning: false,
  seed: false,
  prefill: false,
  logprobs: false,
}

/**
 * One dedicated Inference Endpoint as a provider: chat by the OpenAI routes, or embeddings by TEI. An endpoint that is
 * scaled to zero is woken and waited for, under `scaleUpTimeoutMs` and the deadline of the request. Does no I/O.
 * Throws `bad-config` that names the option at fault. Further codes: `loading` (the wait is over), `needs-setup`
 * (paused), `auth`, `model-not-found` (it serves another model) and those of the container.
 */
export function hfEndpoint(options: HfEndpointOptions): Provider {
  const engine = createEndpointEngine(options)
  return options.task === 'chat' ? chatEndpoint(engine) : embeddingEndpoint(engine)
}

function shared(
  engine: EndpointEngine,
): Pick<Provider, 'contract' | 'id' | 'name' | 'lifecycle' | 'locality' | 'hosts' | 'ready' | 'probe'> {
  return {
    contract: 1,
    id: engine.id,
    name: 'Hugging Face endpoint',
    lifecycle: LIFECYCLE,
    locality: 'remote',
    hosts: [engine.client.host],
    ready: (context) => endpointReady(engine, context),
    probe: (wish, context) => probeEndpoint(engine, wish, context),
  }
}

function chatEndpoint(engine: EndpointEngine): Provider {
  const { client, options, token } = engine
  const supports: Capabilities = { ...DEFAULT_SUPPORTS, seed: false, ...options.supports }
  const inner = openaiCompatible({
    id: engine.id,
    name: 'Hugging Face endpoint',
    baseURL: `${client.baseURL}/v1`,
    requiresKey: false,
    locality: 'remote',
    tasks: ['chat', 'code'],
    supports,
    environment: onlyProxyVariables(environmentOf(options.environment)),
    ...(options.model === undefined ? {} : { models: [options.model] }),
    ...(token === undefined ? {} : { apiKey: token }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
    hooks: {
      explain: explainEndpoint,
      extraHeaders: () => holdHeader(engine, engine.coldStart.scaleUpTimeoutMs),
    },
  })
  const { chat, recommend } = inner
  if (chat === undefined) throw new TypeError('a provider with the task chat has no chat')
  return {
    ...shared(engine),
    tasks: ['chat', 'code'],
    supports,
    // Without a name the container has to be asked for it, and it may have to start for that.
    models: (context) => whileStarting(engine, 'endpoint', context, () => inner.models(context)),
    ...(recommend === undefined
      ? {}
      : {
          recommend: (need, context) =>
            whileStarting(engine, 'endpoint', context, () => recommend(need, context)),
        }),
    chat: createEndpointChat(engine, chat),
    async close() {
      await Promise.all([engine.close(), inner.close()])
    },
  }
}

function embeddingEndpoint(engine: EndpointEngine): Provider {
  const infoOf = createInfoReader(engine)
  return {
    ...shared(engine),
    tasks: ['embeddings'],
    supports: NO_CHAT,
    models: (context) => embeddingCards(engine, infoOf, context),
    embed: createEndpointEmbed(engine, infoOf),
    close: () => engine.close(),
  }
}

/** The one card. With a name given, nobody waits for a start to hear the rest. */
async function embeddingCards(
  engine: EndpointEngine,
  infoOf: (context: CallContext) => Promise<ContainerInfo>,
  context: CallContext,
): Promise<readonly ModelCard[]> {
  const { model } = engine.options
  const info = await (model === undefined
    ? whileStarting(engine, 'endpoint', context, () => infoOf(context))
    : infoOf(context).catch((error: unknown): ContainerInfo => {
        if (isOpenMuxError(error) && error.code === 'loading') return {}
        throw error
      }))
  const window = info.maxTokens === undefined ? {} : { contextTokens: info.maxTokens }
  const id = model ?? info.model ?? 'default'
  return [{ id, tasks: ['embeddings'], state: 'hosted', free: false, ...window }]
}
