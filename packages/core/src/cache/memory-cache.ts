import { type Clock, systemClock } from '../contract/clock.js'
import type { AnswerCache, CachedEntry } from './answer-cache.js'

/** Bounds of {@link memoryCache}. */
export interface MemoryCacheOptions {
  /** Default 1,000. */
  readonly maxEntries?: number
  /** Default 64 MiB, counted as two bytes a character. A larger entry is not kept. */
  readonly maxBytes?: number
  /** Age at which an entry is forgotten, ms; 0: never. Default one hour. */
  readonly ttlMs?: number
  readonly clock?: Clock
}

interface Kept {
  readonly storedAt: number
  readonly text: string
}

/**
 * A cache in this process that forgets what was least recently used. Entries are kept as text: the bound on bytes
 * is exact, and nobody who changes what he was given changes it for others. (A `Map` keeps its order of insertion,
 * so that least-recently-used takes a dozen lines and no dependency.)
 */
export function memoryCache(options: MemoryCacheOptions = {}): AnswerCache {
  const { maxEntries = 1_000, maxBytes = 64 * 2 ** 20, ttlMs = 3_600_000, clock = systemClock } = options
  const kept = new Map<string, Kept>()
  let bytes = 0

  const remove = (key: string): void => {
    const entry = kept.get(key)
    if (entry === undefined) return
    kept.delete(key)
    bytes -= bytesOf(key, entry)
  }
  return {
    get(key): CachedEntry | undefined {
      const entry = kept.get(key)
      if (entry === undefined) return undefined
      if (ttlMs > 0 && clock.now() - entry.storedAt >= ttlMs) {
        remove(key)
        return undefined
      }
      kept.delete(key)
      kept.set(key, entry)
      return { storedAt: entry.storedAt, value: JSON.parse(entry.text) as unknown }
    },
    set(key, { storedAt, value }) {
      remove(key)
      const entry: Kept = { storedAt, text: JSON.stringify(value) }
      const needed = bytesOf(key, entry)
      if (needed > maxBytes || maxEntries < 1) return
      kept.set(key, entry)
      bytes += needed
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries && bytes <= maxBytes) break
        remove(oldest)
      }
    },
    delete: remove,
    clear() {
      const { size } = kept
      kept.clear()
      bytes = 0
      return size
    },
    size: () => ({ entries: kept.size, bytes }),
  }
}

function bytesOf(key: string, { text }: Kept): number {
  return 2 * (key.length + text.length)
}
