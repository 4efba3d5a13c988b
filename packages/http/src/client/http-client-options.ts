import type { ErrorExplainer } from '../errors/failed-answer.js'
import type { LimitReader } from '../limits/limit-reports.js'
import type { Environment } from '../proxy/environment.js'
import type { FetchLike } from '../transport/fetch-transport.js'
import type { TransportTimeouts } from '../transport/timeouts.js'
import type { Transport } from '../transport/transport.js'

/** How to make an {@link HttpClient}. */
export interface HttpClientOptions {
  /** The provider's id, for errors. */
  readonly provider: string
  /** `http:` or `https:`, without user, query and fragment. A path is kept as a prefix; trailing slashes do not matter. */
  readonly baseURL: string
  /** Sent with every request. Values of headers that hold keys are redacted from errors. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as `Authorization: Bearer …` and redacted from every error. */
  readonly apiKey?: string
  /** Allows a key over plain `http:` to another machine, where anybody on the way can read it. Default `false`. */
  readonly allowInsecureKey?: boolean
  /** Used instead of undici, on any runtime. */
  readonly fetch?: FetchLike
  /** Used instead of everything else. It stays open when the client is closed: whoever made it closes it. */
  readonly transport?: Transport
  /**
   * Names the proxies to go by, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`; `{}` names none. Default: `process.env`
   * where there is one. Read by undici only, once.
   */
  readonly environment?: Environment
  /** Default: connect 5,000 ms, headers and idle without limit. */
  readonly timeouts?: Partial<TransportTimeouts>
  /** The upstream's own error table; what it leaves open is decided by `statusVerdict`. */
  readonly explain?: ErrorExplainer
  /** Reads allowances from answers to calls that name a model; they go to the caller's `onLimit`. Default: none are read. */
  readonly limits?: LimitReader
  /** Most bytes of one NDJSON line or one event. Default 8 MiB. */
  readonly maxLineBytes?: number
  /** Most bytes of a whole answer. Default 64 MiB. */
  readonly maxBodyBytes?: number
}
