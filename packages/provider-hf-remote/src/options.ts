import type { FetchLike } from '@openmux/http'

/** What `hfRemote()` takes. Everything has a default; without a token nothing is sent. */
export interface HfRemoteOptions {
  /** Default: `HF_TOKEN`, when `baseURL` is an address of Hugging Face or of this machine. A blank one is none. */
  readonly token?: string
  /** The organisation to charge, by its name on the hub (header `X-HF-Bill-To`). Default: the token's own account. */
  readonly billTo?: string
  /** The router. Default `https://router.huggingface.co`. */
  readonly baseURL?: string
  /** The hub, asked who serves a model and whether the token is good. Default `https://huggingface.co`. */
  readonly hubURL?: string
  /** Whether models that cost something may be used; the month's free credits are charged first. Default `true`. */
  readonly allowPaid?: boolean
  /** Default `hf-remote`: for a second account beside the first. */
  readonly id?: string
  /** Texts embedded in one request. Default 32, the usual limit of the servers behind it. */
  readonly embedBatch?: number
  /** Used instead of undici, for instance in browsers and tests. */
  readonly fetch?: FetchLike
  /** Read once, when the provider is made. Default: `process.env` where there is one. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
