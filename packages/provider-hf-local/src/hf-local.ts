import { rm } from 'node:fs/promises'
import type { CallContext, ChatEvent, Progress, Provider } from '@openmux/core'
import { CAPABILITIES } from './capabilities.js'
import { failure, PROVIDER_ID, throwIfAborted } from './failures.js'
import { planOrder } from './generate-order.js'
import { LIFECYCLE } from './lifecycle.js'
import { createModelStore } from './models/model-store.js'
import { spaceOf, vectorSettings } from './model-cards.js'
import type { HfLocalOptions } from './options.js'
import { hubProbe, readiness } from './ready.js'
import { recommendModels } from './recommend.js'
import { checkChatRequest, checkEmbedRequest } from './request-checks.js'
import { resolveSettings } from './settings.js'
import { removableEntries } from './cache/remove.js'

/** What a download can be watched and stopped with. */
export interface DownloadOptions {
  readonly onProgress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

/** {@link hfLocal}'s provider: a {@link Provider} that also takes care of its models. */
export interface HfLocalProvider extends Provider {
  readonly chat: NonNullable<Provider['chat']>
  readonly embed: NonNullable<Provider['embed']>
  readonly recommend: NonNullable<Provider['recommend']>
  /** Absolute path of the folder models are kept in. */
  readonly cacheFolder: string
  /** Fetches a model of the hub, or what is missing of it. Throws like a request would. */
  download(model: string, options?: DownloadOptions): Promise<void>
  /** Removes a model from the cache; answers whether it was there. Other folders are never touched. */
  remove(model: string): Promise<boolean>
}

/** Texts of a batch when the weights are exact; 8-bit weights take each text for itself, see below. */
const BATCH_SIZE = 16
/** Windows of models that do not say theirs. */
const UNKNOWN_WINDOW = { chat: 2_048, embeddings: 512 } as const

/**
 * Hugging Face models in this process, by transformers.js in a worker thread. Nothing is imported,
 * read or fetched before the first call. Throws `bad-config` for wrong options.
 */
export function hfLocal(options: HfLocalOptions = {}): HfLocalProvider {
  const settings = resolveSettings(options)
  const store = createModelStore(settings)
  const probe = hubProbe(settings)

  const provider: HfLocalProvider = {
    contract: 1,
    id: PROVIDER_ID,
    name: 'Hugging Face (local)',
    aliases: ['hf', 'huggingface-local', 'transformers.js', 'transformersjs'],
    lifecycle: LIFECYCLE,
    locality: 'local',
    tasks: ['chat', 'code', 'embeddings'],
    supports: CAPABILITIES,
    hosts: settings.offline ? [] : [hostAndPort(settings.hub.url)],
    cacheFolder: settings.cacheFolder,

    async ready(context) {
      if (store.closed)
        return { ready: false, reason: 'This provider was closed.', remedies: ['Make a new one.'] }
      return readiness(settings, await store.cards(), probe, context)
    },
    async models(context) {
      const { signal } = store.withClose(context)
      throwIfAborted(signal)
      const cards = await store.cards()
      throwIfAborted(signal)
      return cards
    },
    async recommend(need, context) {
      throwIfAborted(store.withClose(context).signal)
      return recommendModels(await store.cards(), need, settings)
    },
    async *chat(request, caller): AsyncGenerator<ChatEvent> {
      checkChatRequest(request)
      const context = store.withClose(caller)
      throwIfAborted(context.signal, request.model)
      const { target, prepared, host, wishes } = await store.open(request.model, context)
      if (prepared.found.task !== 'chat') {
        throw failure('unsupported', `${target.id} is an embedding model and cannot chat.`, {
          model: target.id,
          field: 'model',
        })
      }
      const contextTokens = wishes?.contextTokens ?? prepared.found.contextTokens ?? UNKNOWN_WINDOW.chat
      const { order, warnings } = planOrder(request, { maxTokens: settings.maxTokens, contextTokens })
      let inputTokens = 0
      for await (const event of host.generate(prepared, order, context)) {
        if (event.type === 'started') {
          inputTokens = event.inputTokens
          yield { type: 'start', model: target.id, warnings: [...warnings, ...event.warnings] }
        } else if (event.type === 'text') yield { type: 'text', text: event.text }
        else {
          const { reason, rawReason, outputTokens } = event
          yield { type: 'finish', reason, rawReason, usage: { inputTokens, outputTokens } }
        }
      }
    },
    async embed(request, caller) {
      checkEmbedRequest(request)
      const context = store.withClose(caller)
      throwIfAborted(context.signal, request.model)
      const { target, prepared, host, wishes } = await store.open(request.model, context)
      const { found, weights } = prepared
      if (found.task !== 'embeddings') {
        throw failure('unsupported', `${target.id} is a chat model and makes no embeddings.`, {
          model: target.id,
          field: 'model',
        })
      }
      if (request.dimensions !== undefined && request.dimensions !== found.dimensions) {
        throw failure(
          'unsupported',
          `Vectors of ${target.id} cannot be shortened to ${request.dimensions} dimensions.`,
          { model: target.id, field: 'dimensions' },
        )
      }
      const vectors = vectorSettings(found, wishes)
      const prefix = request.purpose === undefined ? '' : (found.prompts[request.purpose] ?? '')
      const result = await host.embed(
        prepared,
        {
          inputs: request.inputs.map((input) => prefix + input),
          pooling: vectors.pooling,
          normalize: vectors.normalize,
          contextTokens: wishes?.contextTokens ?? found.contextTokens ?? UNKNOWN_WINDOW.embeddings,
          // 8-bit models scale their numbers by the largest in the batch (dynamic quantisation): a
          // text's vector would depend on its neighbours.
          batchSize: weights.dtype.endsWith('8') ? 1 : BATCH_SIZE,
        },
        context,
      )
      return {
        model: target.id,
        vectors: rows(result.data, result.dimensions),
        space: spaceOf(target.id, found, vectors, result.dimensions),
        usage: { inputTokens: result.inputTokens, outputTokens: 0 },
      }
    },
    async download(model, { onProgress, signal } = {}) {
      const context: CallContext = {
        signal: signal ?? new AbortController().signal,
        clock: settings.clock,
        ...(onProgress === undefined ? {} : { onProgress }),
      }
      const open = store.withClose(context)
      throwIfAborted(open.signal, model)
      await store.prepare(await store.find(model), open)
    },
    async remove(model) {
      const target = await store.find(model)
      if (target.hub === undefined)
        throw failure(
          'unsupported',
          `${target.id} is not in the cache of this provider; remove its folder yourself.`,
          { model: target.id },
        )
      await store.unload(target)
      const entries = await removableEntries(target.folder)
      for (const entry of entries) await rm(entry, { recursive: true, force: true })
      return entries.length > 0
    },
    close: () => store.close(),
  }
  return provider
}

function rows(data: Float32Array, dimensions: number): number[][] {
  const vectors: number[][] = []
  for (let start = 0; start < data.length; start += dimensions)
    vectors.push([...data.subarray(start, start + dimensions)])
  return vectors
}

function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}
