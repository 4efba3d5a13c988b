import type { Clock } from '../contract/clock.js'

/**
 * Remembers answers by key for as long as `lifetime` says. One question per key at a time; a
 * question that fails is not remembered. Gives the value itself when it is known, so that the
 * usual case waits for nothing.
 */
export class Memo<T> {
  readonly #clock: Clock
  readonly #lifetime: (value: T) => number
  readonly #known = new Map<string, { readonly value: T; readonly since: number; readonly until: number }>()
  readonly #asked = new Map<string, Promise<T>>()

  constructor(clock: Clock, lifetime: (value: T) => number) {
    this.#clock = clock
    this.#lifetime = lifetime
  }

  get(key: string, ask: () => Promise<T>): T | Promise<T> {
    const known = this.#known.get(key)
    const now = this.#clock.now()
    // Also not from the future: a clock that was set back would keep it for as long.
    if (known !== undefined && known.until > now && known.since <= now) return known.value
    const asked = this.#asked.get(key)
    if (asked !== undefined) return asked
    const question = ask().then(
      (value) => {
        // Cleared in the meantime: this answer belongs to the time before.
        if (this.#asked.get(key) === question) {
          this.#asked.delete(key)
          const since = this.#clock.now()
          this.#known.set(key, { value, since, until: since + this.#lifetime(value) })
        }
        return value
      },
      (error: unknown) => {
        if (this.#asked.get(key) === question) this.#asked.delete(key)
        throw error
      },
    )
    this.#asked.set(key, question)
    return question
  }

  /** What was learned last, however old. */
  known(key: string): T | undefined {
    return this.#known.get(key)?.value
  }

  clear(): void {
    this.#known.clear()
    this.#asked.clear()
  }
}
