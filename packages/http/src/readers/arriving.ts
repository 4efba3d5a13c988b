import type { ArrivingIterator } from '@openmux/core'

/** Items that arrive several at a time; see {@link arriving}. */
export interface Arriving<T> extends ArrivingIterator<T>, AsyncIterable<T> {
  next(): Promise<IteratorResult<T, void>>
  return(): Promise<IteratorResult<T, void>>
  nextArrived(): T | undefined
  [Symbol.asyncIterator](): Arriving<T>
}

const END: IteratorReturnResult<void> = { done: true, value: undefined }

/**
 * The items of batches one by one, with one promise a batch for those who use `nextArrived`. Single use; returning
 * early returns `batches`. Items must not be undefined.
 *
 * @param check runs before every item; when it throws, nothing more is handed out and `batches` is returned.
 */
export function arriving<T>(
  batches: AsyncIterator<readonly T[], void, undefined>,
  check?: () => void,
): Arriving<T> {
  return new ArrivingItems(batches, check)
}

class ArrivingItems<T> implements Arriving<T> {
  readonly #batches: AsyncIterator<readonly T[], void, undefined>
  readonly #check: (() => void) | undefined
  #ready: readonly T[] = []
  #at = 0

  constructor(batches: AsyncIterator<readonly T[], void, undefined>, check: (() => void) | undefined) {
    this.#batches = batches
    this.#check = check
  }

  nextArrived(): T | undefined {
    if (this.#at === this.#ready.length) return undefined
    this.#checkStill()
    const item = this.#ready[this.#at]
    this.#at += 1
    return item
  }

  async next(): Promise<IteratorResult<T, void>> {
    for (;;) {
      const item = this.nextArrived()
      if (item !== undefined) return { done: false, value: item }
      const step = await this.#batches.next()
      if (step.done !== true) this.#add(step.value)
      // Whoever asked beside us may have brought more than it took.
      else if (this.#at === this.#ready.length) return END
    }
  }

  async return(): Promise<IteratorResult<T, void>> {
    this.#ready = []
    this.#at = 0
    await this.#batches.return?.()
    return END
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #add(batch: readonly T[]): void {
    this.#ready = this.#at === this.#ready.length ? batch : [...this.#ready.slice(this.#at), ...batch]
    this.#at = 0
  }

  #checkStill(): void {
    try {
      this.#check?.()
    } catch (thrown) {
      this.return().catch(() => undefined)
      throw thrown
    }
  }
}
