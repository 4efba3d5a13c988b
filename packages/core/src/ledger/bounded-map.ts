/**
 * A map that never holds more than `limit` entries. When it is full, those written longest ago go first, and
 * nothing that still matters goes while something is there that does not.
 */
export class BoundedMap<V> {
  readonly #entries = new Map<string, V>()
  readonly #limit: number
  readonly #isInert: (value: V, now: number) => boolean

  constructor(limit: number, isInert: (value: V, now: number) => boolean) {
    this.#limit = limit
    this.#isInert = isInert
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    return this.#entries.get(key)
  }

  values(): IterableIterator<V> {
    return this.#entries.values()
  }

  /** Writes an entry, which is then the last to go. */
  set(key: string, value: V, now: number): void {
    if (!this.#entries.delete(key) && this.#entries.size >= this.#limit) this.#makeRoom(now)
    this.#entries.set(key, value)
  }

  /** Takes out what fulfils the condition. */
  removeWhere(condition: (value: V) => boolean): void {
    for (const [key, value] of this.#entries) if (condition(value)) this.#entries.delete(key)
  }

  /** An eighth at once, so that the search is not made for every entry. */
  #makeRoom(now: number): void {
    let room = Math.max(1, this.#limit >> 3)
    for (const [key, value] of this.#entries) {
      if (room === 0) return
      if (!this.#isInert(value, now)) continue
      this.#entries.delete(key)
      room -= 1
    }
    // Whatever could go is gone: everything else matters, and the bound holds nevertheless.
    for (const key of this.#entries.keys()) {
      if (this.#entries.size < this.#limit) return
      this.#entries.delete(key)
    }
  }
}
