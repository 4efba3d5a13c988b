import { decodePieces } from './piece-decoder.js'
import type { ReaderOptions } from './reader-options.js'
import { type ServerSentEvent, ServerSentEventDecoder } from './server-sent-event-decoder.js'

/**
 * The events of a `text/event-stream` body as they arrive, by the rules of the HTML standard. Comments and `retry`
 * are skipped; an event at the end needs no blank line after it, so a body cut there may give half an event's data.
 * Throws `too-large`, and whatever the body throws.
 */
export function readServerSentEvents(
  bytes: AsyncIterable<Uint8Array>,
  options: ReaderOptions = {},
): AsyncIterableIterator<ServerSentEvent, void, undefined> {
  return decodePieces(bytes, new ServerSentEventDecoder(options.maxLineBytes))
}
