/** What is kept under a key: plain JSON data. */
export interface CachedEntry {
  /** ms since 1970. */
  readonly storedAt: number
  readonly value: unknown
}

/** How full a cache is. */
export interface CacheSize {
  readonly entries: number
  /** As stored. */
  readonly bytes: number
}

/**
 * Keeps answers under keys of {@link cacheKey}. What it gives back is the caller's own copy. Memory answers at once,
 * others later. An implementation may drop any entry at any time, and must never give back a damaged one.
 */
export interface AnswerCache {
  get(key: string): CachedEntry | undefined | Promise<CachedEntry | undefined>
  /** Replaces what was there. */
  set(key: string, entry: CachedEntry): void | Promise<void>
  delete(key: string): void | Promise<void>
  /** Removes every entry of its own and nothing else; gives their number. */
  clear(): number | Promise<number>
  size(): CacheSize | Promise<CacheSize>
}

/** Whether a text is a key as {@link cacheKey} makes them: 64 hexadecimal digits. */
export function isCacheKey(key: string): boolean {
  return /^[0-9a-f]{64}$/.test(key)
}
