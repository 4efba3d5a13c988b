/** The events of one stream, read by any number of readers, each from the beginning. */
export interface SharedStream<E> {
  /** Every event from the first on, as they come; throws what the source throws. Leaving early is no one else's matter. */
  read(): AsyncIterableIterator<E>
  /** Readers under way. */
  readonly readers: number
}

/**
 * Lets several read one stream. An event is asked of the source when the fastest reader wants it: nothing is held
 * back for the slow ones, and nothing is generated that nobody reads. When the last reader leaves early, the source is
 * ended. `onOver` is told once: the source has ended, failed or been given up, and new readers should not be sent here.
 */
export function shareStream<E>(source: AsyncIterable<E>, onOver?: () => void): SharedStream<E> {
  const events: E[] = []
  const iterator = source[Symbol.asyncIterator]()
  let pending: Promise<void> | undefined
  let ended: { readonly error?: unknown } | undefined
  let readers = 0

  const end = (how: { readonly error?: unknown }): void => {
    if (ended !== undefined) return
    ended = how
    onOver?.()
  }
  const pull = (): Promise<void> => {
    pending ??= iterator.next().then(
      (step) => {
        pending = undefined
        if (step.done === true) end({})
        else events.push(step.value)
      },
      (error: unknown) => {
        pending = undefined
        end({ error })
      },
    )
    return pending
  }
  const leave = (): void => {
    readers -= 1
    if (readers > 0 || ended !== undefined) return
    end({ error: new Error('The stream was given up by all its readers.') })
    // Not awaited: a source that hangs would hang the one who leaves.
    iterator.return?.().then(undefined, () => undefined)
  }
  const reader = (): AsyncIterableIterator<E> => {
    let at = 0
    let over = false
    let wake = (): void => undefined
    const stop = (): void => {
      if (over) return
      over = true
      leave()
      wake()
    }
    const next = async (): Promise<IteratorResult<E>> => {
      for (;;) {
        if (over) return { done: true, value: undefined }
        if (at < events.length) {
          const value = events[at] as E
          at += 1
          return { done: false, value }
        }
        if (ended !== undefined) {
          const failure = ended
          stop()
          if ('error' in failure) throw failure.error
          continue
        }
        // A reader that leaves does not wait for an event that may never come.
        await new Promise<void>((resolve) => {
          wake = resolve
          void pull().then(resolve)
        })
      }
    }
    return {
      next,
      return() {
        stop()
        return Promise.resolve({ done: true, value: undefined })
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
  }
  return {
    read() {
      // Counted from here, not from the first event: between the two nobody else may end the source.
      readers += 1
      return reader()
    },
    get readers() {
      return readers
    },
  }
}

/** Streams under way, by key: who asks for the same answer reads the one that is already coming. */
export class SharedStreams<E> {
  readonly #streams = new Map<string, SharedStream<E>>()

  /** Streams under way. */
  get size(): number {
    return this.#streams.size
  }

  /**
   * The answer under this key from its beginning. `open` is called when none is under way; its signal is aborted when
   * the last reader has left. Who does not read what he is given must call its `return()`.
   */
  read(
    key: string,
    open: (signal: AbortSignal) => AsyncIterable<E>,
  ): { readonly events: AsyncIterableIterator<E>; readonly shared: boolean } {
    const known = this.#streams.get(key)
    if (known !== undefined) return { events: known.read(), shared: true }
    const controller = new AbortController()
    const stream: SharedStream<E> = shareStream(open(controller.signal), () => {
      if (this.#streams.get(key) === stream) this.#streams.delete(key)
      controller.abort()
    })
    this.#streams.set(key, stream)
    return { events: stream.read(), shared: false }
  }
}
