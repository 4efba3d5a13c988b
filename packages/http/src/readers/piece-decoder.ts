import type { OpenMuxError } from '@openmux/core'

/** Turns bytes that come in pieces into items. Holds no stream and no promise, so it can be tested and reused alone. */
export interface PieceDecoder<Item> {
  /** Why no more items will come. Items added before it was set are good. */
  readonly failure: OpenMuxError | undefined
  /** Adds the items that `bytes` complete to `items`. Does nothing after a failure. */
  push(bytes: Uint8Array, items: Item[]): void
  /** Adds what is left when no more bytes will come. */
  end(items: Item[]): void
}

/** The items of a body as they arrive. Leaving the loop early leaves the body. */
export async function* decodePieces<Item>(
  bytes: AsyncIterable<Uint8Array>,
  decoder: PieceDecoder<Item>,
): AsyncGenerator<Item, void, undefined> {
  const items: Item[] = []
  for await (const chunk of bytes) {
    decoder.push(chunk, items)
    if (items.length > 0) {
      for (const item of items) yield item
      items.length = 0
    }
    if (decoder.failure !== undefined) throw decoder.failure
  }
  decoder.end(items)
  for (const item of items) yield item
  if (decoder.failure !== undefined) throw decoder.failure
}
