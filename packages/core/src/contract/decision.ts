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
  /** Short phrases for people, most important first. */
  readonly reasons: readonly string[]
  /** What a person can do to make a `cut` candidate usable, simplest first. */
  readonly remedies?: readonly string[]
}

/** Why a request went where it went. The same story that `explain` tells beforehand. */
export interface DecisionRecord {
  readonly task: Task
  /** Where the task came from: `given by the caller`, `default`. */
  readonly taskReason: string
  /** In the order they are or would be tried, cut ones last. */
  readonly candidates: readonly CandidateRecord[]
}
