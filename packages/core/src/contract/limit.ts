/** Who shares an allowance: every request with this key, of this account, to this model, address or provider. */
export type LimitScope = 'key' | 'account' | 'model' | 'endpoint' | 'provider'

/** The stretch of time an allowance is for: the last `ms` before each request, or a calendar day or month in UTC. */
export type LimitWindow =
  | { readonly kind: 'rolling'; readonly ms: number }
  | { readonly kind: 'utc-day' }
  | { readonly kind: 'utc-month' }

/**
 * An allowance a back end is known to give, before it was ever asked. Models that name the same `id` share it:
 * that is how "the free models of an account" is said.
 */
export interface LimitRule {
  /** Stable, unique within the provider: `free-day`. */
  readonly id: string
  readonly scope: LimitScope
  readonly unit: 'requests' | 'tokens'
  /** Requests or tokens a window. */
  readonly amount: number
  readonly window: LimitWindow
  /** Whether requests that failed are counted too. */
  readonly countsFailures: boolean
  /** Where this is written: an address. */
  readonly source: string
}

/** What a back end said about an allowance: in the headers of an answer, in an error, or when asked. */
export interface LimitReport {
  /** The rule it is about; it then corrects that rule. Otherwise a name that tells undeclared allowances apart, or nothing. */
  readonly rule?: string
  readonly scope: LimitScope
  /** `usd` is shown to people and never keeps anybody from a request: what one costs is not known beforehand. */
  readonly unit: 'requests' | 'tokens' | 'usd'
  /** The model, for scope `model`; for a rule any model that falls under it. Default: the one the request named. */
  readonly model?: string
  /** Requests or tokens a window. */
  readonly limit?: number
  /** What is left of it. */
  readonly remaining?: number
  /** When the window is renewed, ms since 1970. */
  readonly until?: number
  /** How old the numbers may be, ms: a back end that caches them says so. Default 0. */
  readonly maxAgeMs?: number
  /** Where it was read: the name of a header, an address. */
  readonly source: string
}
