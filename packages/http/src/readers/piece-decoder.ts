import type { OpenMuxError } from '@openmux/core'
import { type Arriving, arriving } from './arriving.js'

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
  return arriving(decodeBatches(bytes, decoder, dress))
}

/** The items of one piece of bytes at a time. */
async function* decodeBatches<Item>(
  bytes: AsyncIterable<Uint8Array>,
  decoder: PieceDecoder<Item>,
  dress: (thrown: unknown) => unknown,
): AsyncGenerator<readonly Item[], void, undefined> {
  let items: Item[] = []
  try {
    for await (const chunk of bytes) {
      decoder.push(chunk, items)
      if (items.length > 0) {
        yield items
        items = []
      }
      if (decoder.failure !== undefined) throw decoder.failure
    }
    decoder.end(items)
    if (items.length > 0) yield items
    if (decoder.failure !== undefined) throw decoder.failure
  } catch (thrown) {
    throw dress(thrown)
  }
}
