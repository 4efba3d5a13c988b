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

const END: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined }

/** Bytes kept for a slow reader before the connection is told to pause. */
const HIGH_WATER_BYTES = 64 * 1024

/** Bytes on their way from a connection that pushes to a reader that pulls. */
export class ByteQueue implements AsyncIterableIterator<Uint8Array, undefined> {
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
    const waiter = this.#waiters.shift()
    if (waiter !== undefined) {
      waiter.resolve({ done: false, value: chunk })
      return true
    }
    this.#chunks.push(chunk)
    this.#bytes += chunk.byteLength
    if (this.#bytes >= HIGH_WATER_BYTES) this.#full = true
    return !this.#full
  }

  /** The body came to its regular end. */
  end(): void {
    this.#ended = true
    for (const waiter of this.#waiters.splice(0)) waiter.resolve(END)
  }

  /** The body broke. What has arrived is still handed out first, unless `discard`. */
  fail(error: Error, discard: boolean): void {
    if (discard) this.#drop()
    else if (this.#ended) return
    this.#ended = true
    this.#error = error
    for (const waiter of this.#waiters.splice(0)) waiter.reject(error)
  }

  next(): Promise<IteratorResult<Uint8Array, undefined>> {
    const chunk = this.#chunks.shift()
    if (chunk !== undefined) {
      this.#bytes -= chunk.byteLength
      if (this.#full && this.#chunks.length === 0) {
        this.#full = false
        this.#owner.drained()
      }
      return Promise.resolve({ done: false, value: chunk })
    }
    if (this.#error !== undefined) return Promise.reject(this.#error)
    if (this.#ended) return Promise.resolve(END)
    this.#owner.waiting()
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject })
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

  [Symbol.asyncIterator](): this {
    return this
  }

  #drop(): void {
    this.#chunks = []
    this.#bytes = 0
    this.#full = false
  }
}
