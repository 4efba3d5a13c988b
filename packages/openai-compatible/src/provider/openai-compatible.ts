import type { Provider } from '@openmux/core'
import { createCallScopes, createHttpClient, defined, type ErrorExplainer, headerLimits } from '@openmux/http'
import { probeServer } from '../probe/probe-server.js'
import { explainOpenAIError } from '../response/explain-in-band.js'
import { chat } from './chat.js'
import { embed } from './embed.js'
import { asCall, type Engine } from './engine.js'
import { listModels } from './list-models.js'
import type { OpenAICompatibleOptions } from './options.js'
import { ready } from './ready.js'
import { recommendModels } from './recommend.js'
import { environmentOf, type Settings, settle } from './settings.js'
import { createSpaceMemory } from './space.js'

/**
 * A provider for any server that speaks the OpenAI chat-completions and embeddings format. Reads the environment
 * once, does no I/O. Throws `bad-config` that names the option at fault; the key goes only to the host of `baseURL`.
 */
export function openaiCompatible(options: OpenAICompatibleOptions): Provider {
  const settings = settle(options)
  const engine = createEngine(settings, options)
  const { client, scopes } = engine
  const chats = settings.tasks.includes('chat') || settings.tasks.includes('code')
  const provider: Provider = {
    contract: 1,
    id: settings.id,
    name: settings.name,
    ...(settings.aliases.length > 0 ? { aliases: settings.aliases } : {}),
    lifecycle: settings.lifecycle,
    locality: settings.locality,
    tasks: settings.tasks,
    supports: settings.supports,
    hosts: [client.host],
    ready: (context) => asCall(engine, context, undefined, (call) => ready(engine, call)),
    models: (context) => asCall(engine, context, undefined, (call) => listModels(engine, call)),
    recommend: async (need, context) =>
      recommendModels(
        await asCall(engine, context, undefined, (call) => listModels(engine, call)),
        need,
        settings.supports,
      ),
    ...(chats ? { chat: (request, context) => chat(engine, request, context) } : {}),
    ...(settings.tasks.includes('embeddings')
      ? {
          embed: (request, context) =>
            asCall(engine, context, request.model, (call) => embed(engine, request, call)),
        }
      : {}),
    probe: (wish, context) =>
      asCall(engine, context, undefined, (call) => probeServer(engine, provider, wish, call)),
    async close() {
      scopes.close()
      await client.close()
    },
  }
  return provider
}

function createEngine(settings: Settings, options: OpenAICompatibleOptions): Engine {
  const client = createHttpClient({
    provider: settings.id,
    baseURL: settings.baseURL,
    explain: explainerOf(settings),
    limits: settings.hooks.limits ?? headerLimits('model'),
    // What stays with the user passes no proxy, wherever in their network the server is.
    environment: settings.locality === 'local' ? {} : environmentOf(options),
    ...defined({
      apiKey: settings.apiKey,
      headers: options.headers,
      fetch: options.fetch,
      transport: options.transport,
      allowInsecureKey: options.allowInsecureKey,
    }),
  })
  return {
    settings,
    client,
    scopes: createCallScopes(settings.id),
    spaces: createSpaceMemory(settings.models),
  }
}

/** The service's own table first. */
function explainerOf({ hooks }: Settings): ErrorExplainer {
  return (answer) => hooks.explain?.(answer) ?? explainOpenAIError(answer)
}
