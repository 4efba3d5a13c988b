import { type Clock, systemClock } from '../contract/clock.js'
import { OpenMuxError } from '../errors/openmux-error.js'
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

/** Longest that a cache is waited for, ms: an answer that comes later than it could be made anew saves nothing. */
const FIND_MS = 1_000

function within<T>(found: Promise<T>, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = (): void =>
      reject(
        new OpenMuxError({
          code: 'timeout',
          phase: 'total',
          scope: 'machine',
          message: `The cache did not answer within ${FIND_MS / 1_000} s.`,
          hint: 'Check what the cache is kept in. Requests go on without it.',
        }),
      )
    const cancel = clock.after(FIND_MS, late, true)
    found.then(resolve, reject).finally(cancel)
  })
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
        const found = cache.get(key)
        return found instanceof Promise ? await within(found, clock) : found
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
