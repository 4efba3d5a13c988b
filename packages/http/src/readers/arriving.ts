import type { ArrivingIterator } from '@openmux/core'

/** Items that arrive several at a time; see {@link arriving}. */
export interface Arriving<T> extends ArrivingIterator<T>, AsyncIterable<T> {
  readonly ended: boolean
  next(): Promise<IteratorResult<T, void>>
  return(): Promise<IteratorResult<T, void>>
  nextArrived(): T | undefined
  [Symbol.asyncIterator](): Arriving<T>
}

/** The result of an iterator that is at its end. */
export const END: IteratorReturnResult<undefined> = { done: true, value: undefined }

/**
 * The items of batches one by one, with one promise a batch for those who use `nextArrived`, and none for batches that
 * have arrived themselves. Single use; returning early returns `batches`. Items must not be undefined, batches not empty.
 *
 * @param check runs before every item; when it throws, nothing more is handed out and `batches` is returned.
 */
export function arriving<T>(batches: ArrivingIterator<readonly T[]>, check?: () => void): Arriving<T> {
  return new ArrivingItems(batches, check)
}

class ArrivingItems<T> implements Arriving<T> {
  readonly #batches: ArrivingIterator<readonly T[]>
  readonly #check: (() => void) | undefined
  #ready: readonly T[] = []
  #at = 0
  /** One more batch is being waited for, by all who ask in the meantime. */
  #coming: Promise<IteratorResult<readonly T[], void>> | undefined

  constructor(batches: ArrivingIterator<readonly T[]>, check: (() => void) | undefined) {
    this.#batches = batches
    this.#check = check
  }

  get ended(): boolean {
    return this.#at === this.#ready.length && this.#batches.ended === true
  }

  nextArrived(): T | undefined {
    if (this.#at === this.#ready.length && !this.#takeArrived()) return undefined
    if (this.#check !== undefined) this.#checkStill(this.#check)
    const item = this.#ready[this.#at]
    this.#at += 1
    return item
  }

  async next(): Promise<IteratorResult<T, void>> {
    for (;;) {
      const item = this.nextArrived()
      if (item !== undefined) return { done: false, value: item }
      const isFirst = this.#coming === undefined
      const coming = (this.#coming ??= this.#batches.next())
      try {
        const step = await coming
        if (step.done === true) return END
        // Who asked first goes on first, and the others find what it leaves.
        if (isFirst) this.#take(step.value)
      } finally {
        if (isFirst) this.#coming = undefined
      }
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

  /** Takes a batch that is here; false when there is none. */
  #takeArrived(): boolean {
    const batch = this.#batches.nextArrived?.()
    if (batch === undefined) return false
    this.#take(batch)
    return true
  }

  #take(batch: readonly T[]): void {
    this.#ready = batch
    this.#at = 0
  }

  #checkStill(check: () => void): void {
    try {
      check()
    } catch (thrown) {
      this.return().catch(() => undefined)
      throw thrown
    }
  }
}
