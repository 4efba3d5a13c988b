import type { Clock } from '../contract/clock.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { OpenMuxListener } from '../observe/emitter.js'
import type { OpenMuxEventType } from '../observe/event.js'
import type { ChatInput } from '../orchestrator/chat-input.js'
import type { EmbedInput } from '../orchestrator/embed-input.js'
import type { OpenMux } from '../orchestrator/openmux.js'
import type { ChatResult, ChatStream, EmbedResult } from '../orchestrator/results.js'
import type { AnswerCache } from './answer-cache.js'
import type { CacheSetup, CacheUse, CacheWishes } from './cache-request.js'
import { CachedAnswers } from './cached-answers.js'
import type { SemanticCache } from './semantic-cache.js'

/** How answers are cached. Only `cache` is needed. */
export interface WithCacheOptions {
  /** Where answers are kept: `memoryCache()`, or `fileCache({ folder })` of `@openmux/core/node`. */
  readonly cache: AnswerCache
  /**
   * Keys are made with it; at least 16 characters. Needed where another process must find the same answers:
   * `await fileSecret(folder)` of `@openmux/core/node`. Default: drawn once, for this process alone.
   */
  readonly secret?: string | Uint8Array<ArrayBuffer>
  /** Keeps apart what shares a cache and a secret. Default `default`. */
  readonly namespace?: string
  /** What the OpenMux was made with: answers of another set-up are not found. Needed with a `secret`. */
  readonly setup?: CacheSetup
  /** Who asks, for requests that do not say. Default: one and the same for all of them. */
  readonly caller?: string
  /** For requests that do not say. Default `use`. */
  readonly use?: CacheUse
  /** Also answer questions that are only similar. **Wrong answers are possible.** Default: only equal requests. */
  readonly semantic?: SemanticCache
  readonly clock?: Clock
  /** Told what went wrong with the cache; the request goes on without it. Must not throw. */
  readonly onError?: (error: OpenMuxError) => void
}

/** An OpenMux that looks into a cache first. Results out of it carry `cached`. */
export interface CachedOpenMux extends OpenMux {
  chat(input: string | (ChatInput & CacheWishes)): Promise<ChatResult>
  stream(input: string | (ChatInput & CacheWishes)): ChatStream
  embed(input: string | readonly string[] | (EmbedInput & CacheWishes)): Promise<EmbedResult>
  explain(
    input: string | (ChatInput & CacheWishes) | (EmbedInput & CacheWishes),
  ): ReturnType<OpenMux['explain']>
  on<Type extends OpenMuxEventType>(type: Type | readonly Type[], listener: OpenMuxListener<Type>): () => void
  on(listener: OpenMuxListener): () => void
  /** Forgets every answer in the cache, and nothing else that lies beside them; gives their number. */
  clearCache(): Promise<number>
}

/**
 * Puts a cache in front of an OpenMux. A request that equals an earlier one of the same caller in everything that
 * shapes its answer is given that answer; equal requests under way share one call; a stream is given again with the
 * same pieces. Only whole answers are kept: none that was cut, reached a limit, was filtered, was continued elsewhere
 * or was given without a network. Listeners of `on` are told `cache-hit` and `cache-stored`. A cache that fails costs
 * no answer. While calls are shared, only the first caller's `onProgress` and `onFailedAttempt` are told.
 *
 * Closing it closes the OpenMux. Errors: `bad-config` for options that cannot be.
 *
 * @example
 * const cached = withCache(createOpenMux(options), { cache: memoryCache() })
 * await cached.chat({ prompt: 'What is a mux?', cache: 'refresh' })
 */
export function withCache(openmux: OpenMux, options: WithCacheOptions): CachedOpenMux {
  const answers = new CachedAnswers(openmux, options)
  const close = (): Promise<void> => answers.close()
  return {
    chat: async (input) => answers.chat(asChat(input)),
    stream: (input) => answers.stream(asChat(input)),
    embed: async (input) => answers.embed(asEmbed(input)),
    explain: async (input) => openmux.explain(typeof input === 'string' ? input : withoutWishes(input)),
    models: (how) => openmux.models(how),
    providers: (how) => openmux.providers(how),
    online: () => openmux.online(),
    forecast: (how) => openmux.forecast(how),
    on: (
      what: OpenMuxEventType | readonly OpenMuxEventType[] | OpenMuxListener,
      listener?: OpenMuxListener,
    ) => answers.on(what, listener),
    clearCache: () => answers.clear(),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function withoutWishes<I extends CacheWishes>(input: I): Omit<I, keyof CacheWishes> {
  const { cache: _cache, caller: _caller, ...plain } = input
  return plain
}

function asChat(input: string | (ChatInput & CacheWishes)): ChatInput & CacheWishes {
  return typeof input === 'string' ? { prompt: input } : input
}

function asEmbed(input: string | readonly string[] | (EmbedInput & CacheWishes)): EmbedInput & CacheWishes {
  return typeof input === 'string' || isList(input) ? { input } : input
}

function isList(input: readonly string[] | EmbedInput): input is readonly string[] {
  return Array.isArray(input)
}
