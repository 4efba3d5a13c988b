import type { Usage } from './usage.js'
import type { ErrorCode } from '../errors/error-codes.js'

/** After a failure: the same candidate once more after a pause in ms, or another candidate. */
export type FollowedBy =
  | { readonly move: 'retry'; readonly waitMs: number }
  | { readonly move: 'failover'; readonly provider: string; readonly model: string }

/** One try at one candidate. Every result and every `all-failed` error lists all of them, in order. */
export interface Attempt {
  readonly provider: string
  readonly model: string
  /** ms since 1970. */
  readonly startedAt: number
  /** From the call of the provider to its end or failure, ms. */
  readonly durationMs: number
  /** From the call of the provider to the first piece of an answer, ms. Absent: none came. */
  readonly firstTokenMs?: number
  /** `discarded`: it lost a race against another candidate. */
  readonly outcome: 'answered' | 'failed' | 'aborted' | 'discarded'
  /** Why it failed. */
  readonly code?: ErrorCode
  readonly message?: string
  /** Of a failed one, when the same call may work again, ms since 1970, or `never`. Absent: not known. */
  readonly until?: number | 'never'
  /** What it cost. Of a failed one that had begun to answer: estimated. */
  readonly usage?: Usage
  /** What was done about the failure. Absent: nothing, the request ended with it. */
  readonly followedBy?: FollowedBy
}
