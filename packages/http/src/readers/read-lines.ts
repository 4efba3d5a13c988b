import { LineDecoder } from './line-decoder.js'
import { decodePieces } from './piece-decoder.js'
import type { ReaderOptions } from './reader-options.js'

/**
 * The lines of a body as they arrive, without their ends (LF, CR LF or a lone CR); the last one needs none.
 * A byte order mark at the start is dropped, what is not UTF-8 becomes U+FFFD.
 * Leaving the loop early leaves the body. Throws `too-large`, and whatever the body throws.
 */
export function readLines(
  bytes: AsyncIterable<Uint8Array>,
  options: ReaderOptions = {},
): AsyncIterableIterator<string, void, undefined> {
  return decodePieces(bytes, new LineDecoder(options.maxLineBytes))
}
