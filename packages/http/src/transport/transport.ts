import type { ResponseHeaders } from './response-headers.js'
import type { TransportTimeouts } from './timeouts.js'

/** One HTTP request, ready to be sent as it is. */
export interface TransportRequest {
  readonly method: 'GET' | 'POST' | 'DELETE' | 'HEAD' | 'PUT'
  /** Absolute, `http:` or `https:`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Aborting it closes the upstream connection, before and while the body is read. */
  readonly signal: AbortSignal
  readonly timeouts: TransportTimeouts
}

/** What came back, as soon as the headers have come. */
export interface TransportResponse {
  readonly status: number
  readonly headers: ResponseHeaders
  /**
   * The body as it arrives, undone of any content coding. Single use; leaving the loop early closes the
   * upstream connection. Throws `truncated` (cut), `timeout` (idle) or `aborted`.
   */
  readonly body: AsyncIterable<Uint8Array>
  /** Stops reading and closes the upstream connection; safe at any time. */
  cancel(): Promise<void>
}

/**
 * The seam between us and the network. Redirects are not followed. `send` rejects with an `OpenMuxError`:
 * `aborted`, `timeout` (phase `connect` or `first-token`), `network`, `bad-response` (not HTTP),
 * `needs-setup` (a proxy where a person must act).
 */
export interface Transport {
  send(request: TransportRequest): Promise<TransportResponse>
  /** Ends calls under way with `aborted` and closes every connection. Safe to call twice. */
  close(): Promise<void>
}
