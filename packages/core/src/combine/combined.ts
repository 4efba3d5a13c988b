import type { Usage } from '../contract/usage.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { VoteCount } from './vote.js'

/**
 * How several answers become one.
 * - `first`: the first usable one.
 * - `merge`: all of them one behind the other, nothing twice, each with its source.
 * - `vote`: the answer most members gave; for short answers.
 * - `best`: the one a judge prefers.
 * - `summary`: one a model writes out of all of them.
 */
export type CombineStrategy = 'first' | 'merge' | 'vote' | 'best' | 'summary'

/** Every {@link CombineStrategy}. */
export const COMBINE_STRATEGIES: readonly CombineStrategy[] = ['first', 'merge', 'vote', 'best', 'summary']

/** What a member or a judge must give back. More members are handed through as they are. */
export interface CombinableAnswer {
  readonly text: string
  readonly usage?: Usage
  /** Who really answered, where that differs from the candidate asked. */
  readonly provider?: string
  readonly model?: string
}

/**
 * What became of a candidate.
 * - `won`: the result is its answer. `used`: its answer went into the result or the vote.
 * - `unusable`: an answer that cannot be used. `failed`: an error.
 * - `cancelled`: still under way when the result was clear. `not-asked`: not needed.
 */
export type MemberOutcome = 'won' | 'used' | 'unusable' | 'failed' | 'cancelled' | 'not-asked'

/** The report about one candidate. */
export interface MemberReport {
  readonly provider: string
  readonly model: string
  readonly outcome: MemberOutcome
  /** From the question to the answer, failure or cancelling, ms. Absent: not asked. */
  readonly durationMs?: number
  readonly usage?: Usage
  /** Why it failed. */
  readonly code?: ErrorCode
  /** For people: why it was not used. */
  readonly why?: string
}

/** The report about the call of a judge or summariser. */
export interface JudgeReport {
  readonly outcome: 'decided' | 'abstained' | 'failed'
  readonly durationMs: number
  readonly provider?: string
  readonly model?: string
  readonly usage?: Usage
  readonly code?: ErrorCode
  /** The judge's own reason, or why there was no verdict. */
  readonly reason?: string
}

/** One answer out of several. */
export interface CombinedAnswer<A extends CombinableAnswer> {
  readonly text: string
  /** What was asked for. */
  readonly strategy: CombineStrategy
  /** What was done: another strategy than asked for when, for example, the judge failed. */
  readonly used: CombineStrategy
  /** For people: how it was decided, and why otherwise than asked. */
  readonly decidedBy: string
  /** The usable answers, in the order of candidates. */
  readonly answers: readonly { readonly index: number; readonly answer: A }[]
  /** The candidate whose answer the result is; absent when it was put together. */
  readonly winner?: number
  /** For a vote: the groups, most votes first. */
  readonly votes?: readonly VoteCount[]
  readonly judge?: JudgeReport
  /** One for every candidate, in their order. */
  readonly members: readonly MemberReport[]
  /** Calls made, judge included. */
  readonly calls: number
  /** Of all calls that told it, together. `estimated` when one was estimated or an asked member told none. */
  readonly usage?: Usage
}
