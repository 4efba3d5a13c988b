import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  isOpenMuxError,
  OpenMuxError,
  type Task,
} from '@openmux/core'
import { createHttpClient, defaultTransport, defined, fetchTransport } from '@openmux/http'
import { explainOpenAIError, openaiCompatible } from '@openmux/openai-compatible'
import type { OpenRouterOptions } from './config/options.js'
import { PRESET } from './config/preset.js'
import { KEY_PAGE, KEY_VARIABLE, type Settings, settle } from './config/settings.js'
import { discoverOpenRouter } from './discover/discover-openrouter.js'
import { explainOpenRouterError } from './errors/explain.js'
import { isAboutModel, withEquivalents } from './errors/name-equivalents.js'
import { readQuota } from './key/quota.js'
import { ready } from './key/ready.js'
import { LIFECYCLE } from './lifecycle.js'
import { freeLimits, quotaReports, readFreeLimits } from './limits/free-limits.js'
import { type Catalog, createCatalog } from './models/catalog.js'
import { livingEquivalents } from './models/equivalents.js'
import type { OpenRouterModel } from './models/openrouter-model.js'
import { rankModels, recommendModels } from './models/recommend.js'
import type { OpenRouterProvider } from './openrouter-provider.js'
import { probeOpenRouter } from './probe/probe-openrouter.js'
import { readMetadata } from './request/metadata.js'
import { planChat, planEmbed } from './request/plan-request.js'

/** Longest wait for the list of models when only a hint hangs on it, ms: the caller wants to move on. */
const HINT_TIMEOUT_MS = 1_500

/**
 * OpenRouter: hosted models of many companies behind one key, some of them free. Reads the environment once, does no
 * I/O. Throws `bad-config` that names the option at fault; the key goes only to the host of `baseURL`. Without a key
 * only `models`, `recommend` and `catalog` work, and `ready` says what to do.
 */
export function openrouter(options: OpenRouterOptions = {}): OpenRouterProvider {
  const settings = settle(options)
  const transport =
    options.fetch === undefined ? defaultTransport(options.environment) : fetchTransport(options.fetch)
  const { apiKey, baseURL, headers } = settings
  const common = {
    baseURL,
    headers,
    transport,
    ...defined({ apiKey, allowInsecureKey: options.allowInsecureKey }),
  }
  const inner = openaiCompatible({
    ...common,
    preset: PRESET,
    lifecycle: LIFECYCLE,
    locality: 'remote',
    // The key was read already.
    environment: {},
    hooks: { ...PRESET.hooks, explain: explainOpenRouterError, limits: readFreeLimits, readMetadata },
    ...defined({ embedBatch: options.embedBatch }),
  })
  const { chat, embed } = inner
  if (chat === undefined || embed === undefined) throw new TypeError('The preset of OpenRouter lacks a task.')
  const client = createHttpClient({
    ...common,
    provider: inner.id,
    explain: (answer) => explainOpenRouterError(answer) ?? explainOpenAIError(answer),
  })
  const catalog = createCatalog(client, settings.modelsForMs)

  const provider: OpenRouterProvider = {
    ...inner,
    ready: (context) => ready(client, settings, context),
    models: async (context) => (await catalog.list(context)).map(({ card }) => card),
    recommend: async (need, context) =>
      recommendModels(await catalog.list(context), need, {
        allowPaid: settings.allowPaid,
        supports: inner.supports,
        now: context.clock.now(),
      }),
    chat: (request, context) => chatWithHints({ request, context, settings, catalog, chat }),
    async embed(request, context) {
      try {
        return await embed(planEmbed(request, settings, catalog.find(request.model)), context)
      } catch (error) {
        throw await hinted(error, { model: request.model, task: 'embeddings', catalog, context })
      }
    },
    limits: freeLimits,
    quota: async (context) => {
      demandKey(settings)
      return quotaReports(await readQuota(client, context))
    },
    keyStatus: async (context) => {
      demandKey(settings)
      return readQuota(client, context)
    },
    catalog: (context) => catalog.list(context),
    probe: (wish, context) => probeOpenRouter({ client, settings, provider }, wish, context),
    discover: (wish, context) => discoverOpenRouter(client, apiKey !== undefined, catalog, wish, context),
    async close() {
      await inner.close()
      await transport.close()
    },
  }
  return provider
}

interface ChatCall {
  readonly request: ChatRequest
  readonly context: CallContext
  readonly settings: Settings
  readonly catalog: Catalog
  readonly chat: OpenRouterProvider['chat']
}

async function* chatWithHints(call: ChatCall): AsyncGenerator<ChatEvent> {
  const { request, context, settings, catalog, chat } = call
  try {
    yield* chat(planChat(request, settings, catalog.find(request.model)), context)
  } catch (error) {
    throw await hinted(error, { model: request.model, task: 'chat', catalog, context })
  }
}

interface FailedCall {
  readonly model: string
  readonly task: Task
  readonly catalog: Catalog
  readonly context: CallContext
}

/** What was thrown, with living models named where the one asked for is gone. */
async function hinted(thrown: unknown, { model, task, catalog, context }: FailedCall): Promise<unknown> {
  if (!isOpenMuxError(thrown) || !isAboutModel(thrown)) return thrown
  const known = catalog.known() ?? (await listForHint(catalog, context))
  if (context.signal.aborted) {
    const message = 'The caller left before the answer was there.'
    return new OpenMuxError({ code: 'aborted', provider: 'openrouter', model, message })
  }
  if (thrown.code === 'model-not-found') catalog.forget(model)
  const ranked = rankModels(known, task, context.clock.now())
  return withEquivalents(thrown, livingEquivalents(model, ranked))
}

/** Without the list the error is worth as much, only its hint less. */
async function listForHint(catalog: Catalog, context: CallContext): Promise<readonly OpenRouterModel[]> {
  try {
    return await catalog.list(context, HINT_TIMEOUT_MS)
  } catch {
    return []
  }
}

function demandKey({ apiKey }: Settings): void {
  if (apiKey !== undefined) return
  throw new OpenMuxError({
    code: 'auth',
    provider: 'openrouter',
    message: 'OpenRouter needs a key for this, and none is set.',
    hint: `Set ${KEY_VARIABLE} to a key from ${KEY_PAGE}, or give the option apiKey.`,
  })
}
