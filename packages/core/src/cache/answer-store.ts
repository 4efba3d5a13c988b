import { type Clock, systemClock } from '../contract/clock.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { AnswerCache, CachedEntry } from './answer-cache.js'
import { cacheKey, type CacheSecret, cacheSecret, type KeyedRequest } from './cache-key.js'

/** How answers are kept. */
export interface AnswerStoreOptions {
  readonly cache: AnswerCache
  /** At least 16 characters; needed where keys must be found again by another process. Default: drawn once. */
  readonly secret?: string | Uint8Array<ArrayBuffer>
  /** Keeps apart what shares a cache and a secret. Default `default`. */
  readonly namespace?: string
  readonly clock?: Clock
  /** Told what went wrong with the cache; the request goes on without it. */
  readonly onError?: (error: OpenMuxError) => void
}

/** A cache with its secret, whose faults never cost an answer. */
export interface AnswerStore {
  readonly cache: AnswerCache
  keyOf(request: KeyedRequest): Promise<string>
  /** Undefined also when the cache fails. */
  find(key: string): Promise<CachedEntry | undefined>
  /** Whether it was handed to the cache without a fault. Never rejects. */
  keep(key: string, value: unknown): Promise<boolean>
}

/** Makes an {@link AnswerStore}. Does no I/O. */
export function answerStore(options: AnswerStoreOptions): AnswerStore {
  const { cache, clock = systemClock } = options
  let secret: Promise<CacheSecret> | undefined
  const report = (thrown: unknown): void => {
    try {
      options.onError?.(toOpenMuxError(thrown))
    } catch {
      // A listener's fault must not cost the answer.
    }
  }
  return {
    cache,
    async keyOf(request) {
      secret ??= cacheSecret(options.secret, options.namespace)
      return cacheKey(await secret, request)
    },
    async find(key) {
      try {
        return await cache.get(key)
      } catch (thrown) {
        report(thrown)
        return undefined
      }
    },
    async keep(key, value) {
      try {
        await cache.set(key, { storedAt: clock.now(), value })
        return true
      } catch (thrown) {
        report(thrown)
        return false
      }
    },
  }
}
