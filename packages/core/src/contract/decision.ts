import type { ErrorCode } from '../errors/error-codes.js'
import type { Task } from './task.js'

/**
 * What became of a candidate.
 * - `cut`: never in question, see the reasons.
 * - `planned`: would be tried, in the order listed (only in `explain`).
 * - `answered`, `failed`: it was tried.
 * - `not-tried`: something before it answered.
 */
export type Verdict = 'cut' | 'planned' | 'answered' | 'failed' | 'not-tried'

/** One (provider, model) that was thought of, with the reasons. */
export interface CandidateRecord {
  readonly provider: string
  /** Absent when the provider was cut before a model was chosen. */
  readonly model?: string
  readonly verdict: Verdict
  /** Of a `cut` one, the error it would have been: `provider-disabled`, `unsupported`, `no-candidate` … */
  readonly code?: ErrorCode
  /** Of a `cut` one, when it may be asked again, ms since 1970, or `never`. Absent: not known. */
  readonly until?: number | 'never'
  /** Short phrases for people, most important first. */
  readonly reasons: readonly string[]
  /** Where scores decide: from 0 to 1, and what it is made of. */
  readonly score?: number
  readonly parts?: readonly { readonly name: string; readonly value: number; readonly reason: string }[]
  /** What a person can do to make a `cut` candidate usable, simplest first. */
  readonly remedies?: readonly string[]
}

/** Why a request went where it went. The same story that `explain` tells beforehand. */
export interface DecisionRecord {
  readonly task: Task
  /** Where the task came from: `given by the caller`, what the classifier saw, `default`. */
  readonly taskReason: string
  /** How candidates were put in order: the name of a policy. */
  readonly policy: string
  /** In the order they are or would be tried, cut ones last. */
  readonly candidates: readonly CandidateRecord[]
}
