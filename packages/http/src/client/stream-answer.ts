import { dressError, type ErrorOrigin } from '../errors/dress-error.js'
import { NdjsonDecoder } from '../readers/ndjson-decoder.js'
import { decodePieces } from '../readers/piece-decoder.js'
import { ServerSentEventDecoder } from '../readers/server-sent-event-decoder.js'
import type { TransportResponse } from '../transport/transport.js'
import type { StreamAnswer } from './http-call.js'

/** The answer as a caller of the client sees it: every failure while reading names provider and model. */
export function streamAnswer(
  response: TransportResponse,
  maxLineBytes: number,
  origin: ErrorOrigin,
): StreamAnswer {
  const dress = (thrown: unknown): unknown => dressError(thrown, origin)
  return {
    status: response.status,
    headers: response.headers,
    bytes: () => dressed(response.body, origin),
    ndjson: () => decodePieces(response.body, new NdjsonDecoder(maxLineBytes), dress),
    sse: () => decodePieces(response.body, new ServerSentEventDecoder(maxLineBytes), dress),
    cancel: () => response.cancel(),
  }
}

/** `items` with dressed errors. By hand, not as a generator: this stands in the way of every chunk. */
function dressed<T>(items: AsyncIterable<T>, origin: ErrorOrigin): AsyncIterable<T> {
  const dress = (thrown: unknown): never => {
    throw dressError(thrown, origin)
  }
  return {
    [Symbol.asyncIterator]() {
      const inner = items[Symbol.asyncIterator]()
      return {
        next: () => inner.next().catch(dress),
        return: async () => {
          await inner.return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}
