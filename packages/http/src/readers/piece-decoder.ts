import type { ArrivingIterator, OpenMuxError } from '@openmux/core'
import { type Arriving, arriving, END } from './arriving.js'

/** Turns bytes that come in pieces into items. Holds no stream and no promise, so it can be tested and reused alone. */
export interface PieceDecoder<Item> {
  /** Why no more items will come. Items added before it was set are good. */
  readonly failure: OpenMuxError | undefined
  /** Adds the items that `bytes` complete to `items`. Does nothing after a failure. */
  push(bytes: Uint8Array, items: Item[]): void
  /** Adds what is left when no more bytes will come. */
  end(items: Item[]): void
}

/**
 * The items of a body as they arrive. Leaving the loop early leaves the body. `dress` makes the error to
 * throw of the one that came; it is given here because a wrapper around every item would cost more than the item.
 */
export function decodePieces<Item>(
  bytes: AsyncIterable<Uint8Array>,
  decoder: PieceDecoder<Item>,
  dress: (thrown: unknown) => unknown = (thrown) => thrown,
): Arriving<Item> {
  return arriving(new DecodedBatches(bytes, decoder, dress))
}

/** The items of one piece of bytes at a time. By hand, not as a generator: what has arrived is decoded without waiting. */
class DecodedBatches<Item> implements ArrivingIterator<readonly Item[]> {
  readonly #body: AsyncIterable<Uint8Array>
  readonly #decoder: PieceDecoder<Item>
  readonly #dress: (thrown: unknown) => unknown
  /** Absent: nothing was read yet. */
  #bytes: ArrivingIterator<Uint8Array> | undefined
  #over = false

  constructor(
    body: AsyncIterable<Uint8Array>,
    decoder: PieceDecoder<Item>,
    dress: (thrown: unknown) => unknown,
  ) {
    this.#body = body
    this.#decoder = decoder
    this.#dress = dress
  }

  get ended(): boolean {
    return this.#over
  }

  nextArrived(): readonly Item[] | undefined {
    if (this.#over) return undefined
    const source: ArrivingIterator<Uint8Array> = (this.#bytes ??= this.#body[Symbol.asyncIterator]())
    try {
      this.#checkDecoder(source)
      for (;;) {
        const bytes = source.nextArrived?.()
        if (bytes === undefined && source.ended !== true) return undefined
        const items = this.#decode(source, bytes)
        if (items.length > 0) return items
        if (this.#over) return undefined
      }
    } catch (thrown) {
      throw this.#broke(thrown)
    }
  }

  async next(): Promise<IteratorResult<readonly Item[], void>> {
    for (;;) {
      const arrived = this.nextArrived()
      if (arrived !== undefined) return { done: false, value: arrived }
      const source = this.#bytes
      if (this.#over || source === undefined) return END
      try {
        const step = await source.next()
        // The reader may have left in the meantime.
        if (this.#over) return END
        const items = this.#decode(source, step.done === true ? undefined : step.value)
        if (items.length > 0) return { done: false, value: items }
      } catch (thrown) {
        throw this.#broke(thrown)
      }
    }
  }

  async return(): Promise<IteratorResult<readonly Item[], void>> {
    const wasOver = this.#over
    this.#over = true
    if (!wasOver) await this.#bytes?.return?.()
    return END
  }

  /** The items that `bytes` complete; undefined bytes: there are no more. What came before a fault is given first. */
  #decode(source: ArrivingIterator<Uint8Array>, bytes: Uint8Array | undefined): readonly Item[] {
    const items: Item[] = []
    if (bytes !== undefined) this.#decoder.push(bytes, items)
    else {
      this.#decoder.end(items)
      this.#over = this.#decoder.failure === undefined
    }
    if (items.length === 0) this.#checkDecoder(source)
    return items
  }

  #checkDecoder(source: ArrivingIterator<Uint8Array>): void {
    const { failure } = this.#decoder
    if (failure === undefined) return
    // Nobody reads on: the connection is closed.
    Promise.resolve(source.return?.()).catch(() => undefined)
    throw failure
  }

  #broke(thrown: unknown): unknown {
    this.#over = true
    return this.#dress(thrown)
  }
}
