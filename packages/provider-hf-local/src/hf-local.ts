import { rm } from 'node:fs/promises'
import type { CallContext, ModelChoice, Progress, Provider } from '@openmux/core'
import { answerChat } from './answer-chat.js'
import { answerEmbed } from './answer-embed.js'
import { DECLARED } from './declared.js'
import { failure, throwIfAborted } from './failures.js'
import { createModelStore } from './models/model-store.js'
import type { HfLocalOptions } from './options.js'
import { probeHfLocal } from './probe/probe-hf-local.js'
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

/**
 * Hugging Face models in this process, by transformers.js in a worker thread. Nothing is imported,
 * read or fetched before the first call. Throws `bad-config` for wrong options.
 */
export function hfLocal(options: HfLocalOptions = {}): HfLocalProvider {
  const settings = resolveSettings(options)
  const store = createModelStore(settings)
  const probe = hubProbe(settings)

  const provider: HfLocalProvider = {
    ...DECLARED,
    hosts: settings.offline ? [] : [hostAndPort(settings.hub.url)],
    cacheFolder: settings.cacheFolder,

    async ready(context) {
      if (store.closed)
        return { ready: false, reason: 'This provider was closed.', remedies: ['Make a new one.'] }
      return readiness(settings, await store.cards(), probe, context)
    },
    async models(context) {
      return store.withClose(context, async ({ signal }) => {
        throwIfAborted(signal)
        const cards = await store.cards()
        throwIfAborted(signal)
        return cards
      })
    },
    async recommend(need, context) {
      return store.withClose(context, async ({ signal }) => {
        throwIfAborted(signal)
        const choices = recommendModels(await store.cards(), need, settings)
        const isFetched = ({ model }: ModelChoice): boolean => model.state === 'downloadable'
        const first = choices[0]
        // Without a last resort this provider would not be ready: nobody would wait for a download that cannot begin.
        if (first === undefined || !isFetched(first) || !store.hasLastResort) return choices
        return (await probe({ ...context, signal }))
          ? choices
          : choices.filter((choice) => !isFetched(choice))
      })
    },
    async probe(wish, context) {
      return store.withClose(context, (open) =>
        probeHfLocal(settings, provider, () => store.cards(), wish, { ...context, signal: open.signal }),
      )
    },
    async *chat(request, caller) {
      checkChatRequest(request)
      yield* store.streamWithClose(caller, (context) => answerChat(request, context, store, settings))
    },
    async embed(request, caller) {
      checkEmbedRequest(request)
      return store.withClose(caller, (context) => answerEmbed(request, context, store))
    },
    async download(model, { onProgress, signal } = {}) {
      const context: CallContext = {
        signal: signal ?? new AbortController().signal,
        clock: settings.clock,
        ...(onProgress === undefined ? {} : { onProgress }),
      }
      await store.withClose(context, async (open) => {
        throwIfAborted(open.signal, model)
        await store.prepare(await store.find(model), open)
      })
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

function hostAndPort(url: string): string {
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port === '' ? (protocol === 'https:' ? '443' : '80') : port}`
}
