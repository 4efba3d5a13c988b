import type { CallContext } from '@openmux/core'
import type { Arriving } from '../readers/arriving.js'
import type { ServerSentEvent } from '../readers/server-sent-event-decoder.js'
import type { ResponseHeaders } from '../transport/response-headers.js'
import type { TransportTimeouts } from '../transport/timeouts.js'

/** One call. */
export interface HttpCall {
  /** Default `POST` when there is a body, else `GET`. */
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'HEAD'
  /** Appended to the base address: `/api/chat`. */
  readonly path: string
  /** Sent as `application/json`. */
  readonly json?: unknown
  /** Sent as they are, as `application/octet-stream` unless `headers` say otherwise. */
  readonly bytes?: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  readonly context: CallContext
  /** The model asked for; named in errors. */
  readonly model?: string
  /** For this call instead of the client's. */
  readonly timeouts?: Partial<TransportTimeouts>
}

/** A whole answer in JSON. */
export interface JsonAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly value: unknown
}

/** A whole answer as text. */
export interface TextAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  readonly text: string
}

/**
 * An answer whose headers have come, with a status of success. Exactly one of `bytes`, `ndjson` and `sse` can be
 * read, once; leaving that loop early, `cancel` or an abort closes the upstream connection. Whoever reads none
 * must `cancel`. Reading throws `truncated`, `timeout` (phase `idle`), `aborted`, `bad-response` and `too-large`.
 */
export interface StreamAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  bytes(): AsyncIterable<Uint8Array>
  /** One JSON value a line. */
  ndjson(): Arriving<unknown>
  /** Events of a `text/event-stream`; comments are skipped. */
  sse(): Arriving<ServerSentEvent>
  cancel(): Promise<void>
}
