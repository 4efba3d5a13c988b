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
  readonly outcome: 'answered' | 'failed' | 'aborted'
  /** Why it failed. */
  readonly code?: ErrorCode
  readonly message?: string
  /** What was done about the failure. Absent: nothing, the request ended with it. */
  readonly followedBy?: FollowedBy
}
