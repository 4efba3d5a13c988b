import type { ErrorCode } from '../errors/error-codes.js'

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
  /** What was done about the failure, for people: "another candidate", "the same again after 0.2 s". */
  readonly then?: string
}
