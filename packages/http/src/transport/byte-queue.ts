import type { ArrivingIterator } from '@openmux/core'
import { END } from '../readers/arriving.js'

interface Waiter {
  resolve(result: IteratorResult<Uint8Array, undefined>): void
  reject(error: Error): void
}

/** What the queue tells the connection that feeds it. */
export interface ByteQueueOwner {
  /** Somebody waits for bytes and none are here. */
  waiting(): void
  /** The queue was full and has been emptied. */
  drained(): void
  /** The reader left before the end. */
  left(): void
}

/** Bytes kept for a slow reader before the connection is told to pause. */
const HIGH_WATER_BYTES = 64 * 1024

/**
 * Bytes on their way from a connection that pushes to a reader that pulls. What has come by the time the reader gets
 * to look is one piece: a server that sends every token in an HTTP chunk of its own need not cost a turn for each.
 */
export class ByteQueue implements ArrivingIterator<Uint8Array>, AsyncIterableIterator<Uint8Array, undefined> {
  readonly #owner: ByteQueueOwner
  #chunks: Uint8Array[] = []
  #bytes = 0
  #full = false
  #ended = false
  #error: Error | undefined
  #waiters: Waiter[] = []

  constructor(owner: ByteQueueOwner) {
    this.#owner = owner
  }

  /** Takes bytes; `false` asks the sender to pause until `drained`. */
  push(chunk: Uint8Array): boolean {
    if (this.#ended) return true
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes >= HIGH_WATER_BYTES) this.#full = true
    // Not at once: the parser may be in the middle of what one read of the socket brought.
    if (this.#waiters.length > 0 && this.#chunks.length === 1) queueMicrotask(this.#serve)
    return !this.#full
  }

  /** The body came to its regular end. */
  end(): void {
    this.#ended = true
    this.#serve()
  }

  /** The body broke. What has arrived is still handed out first, unless `discard`. */
  fail(error: Error, discard: boolean): void {
    if (discard) this.#drop()
    else if (this.#ended) return
    this.#ended = true
    this.#error = error
    this.#serve()
  }

  get ended(): boolean {
    return this.#ended && this.#chunks.length === 0 && this.#error === undefined
  }

  nextArrived(): Uint8Array | undefined {
    return this.#chunks.length > 0 && this.#waiters.length === 0 ? this.#take() : undefined
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
      this.#serve()
      if (this.#waiters.length > 0) this.#owner.waiting()
    })
  }

  return(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#ended) this.#owner.left()
    this.#drop()
    // Leaving is the reader's own wish: a reader that left sees an end, not an error.
    this.#error = undefined
    this.#ended = true
    return Promise.resolve(END)
  }

  /** Gives those who wait what there is. */
  readonly #serve = (): void => {
    while (this.#chunks.length > 0 || this.#ended) {
      const waiter = this.#waiters.shift()
      if (waiter === undefined) return
      if (this.#chunks.length > 0) waiter.resolve({ done: false, value: this.#take() })
      else if (this.#error === undefined) waiter.resolve(END)
      else waiter.reject(this.#error)
    }
  }

  /** All that has come, as one piece. */
  #take(): Uint8Array {
    const all = joined(this.#chunks, this.#bytes)
    const wasFull = this.#full
    this.#drop()
    if (wasFull) this.#owner.drained()
    return all
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  #drop(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#full = false
  }
}

function joined(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [first] = chunks
  if (first !== undefined && chunks.length === 1) return first
  const all = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    all.set(chunk, at)
    at += chunk.byteLength
  }
  return all
}
