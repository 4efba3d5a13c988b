import { NdjsonDecoder } from './ndjson-decoder.js'
import { decodePieces } from './piece-decoder.js'
import type { ReaderOptions } from './reader-options.js'

/**
 * The values of a body of newline-delimited JSON as they arrive. Blank lines are skipped; the last line needs no end.
 * Throws `bad-response` for a line that is not JSON, `truncated` when the body ends in the middle of a value,
 * `too-large`, and whatever the body throws. The line at fault is on `error.upstream.body`.
 */
export function readNdjson(
  bytes: AsyncIterable<Uint8Array>,
  options: ReaderOptions = {},
): AsyncIterableIterator<unknown, void, undefined> {
  return decodePieces(bytes, new NdjsonDecoder(options.maxLineBytes))
}
