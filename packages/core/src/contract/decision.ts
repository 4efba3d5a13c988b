import type { ErrorCode } from '../errors/error-codes.js'
import type { Locality } from './locality.js'
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
  /** Where scores decide: from 0 to 1, and every part it is made of, also those that weigh nothing. */
  readonly score?: number
  readonly parts?: readonly { readonly name: string; readonly value: number; readonly reason: string }[]
  /** Of a `cut` one: a floor of the request or its policy cut it. */
  readonly byFloor?: true
  /** Place in the caller's order of providers and the provider's order of models, from 0; with gaps. */
  readonly place?: number
  /** It declares itself a last resort: behind everybody else whatever its score, asked only when nobody else can answer. */
  readonly lastResort?: true
  /** A preference of the request names it. */
  readonly preferred?: true
  /** Time until it could be asked, at that moment, ms; `never`: not until somebody acts. Absent: at once. */
  readonly usableInMs?: number | 'never'
  /** Where it runs: a hosted model of a local provider is `remote`. */
  readonly locality?: Locality
  /** Absent: not known. */
  readonly free?: boolean
  readonly contextTokens?: number
  /** What a person can do to make a `cut` candidate usable, simplest first. */
  readonly remedies?: readonly string[]
}

/** The policy of a decision, spelled out. */
export interface DecisionRules {
  readonly weights: Readonly<
    Record<'quality' | 'speed' | 'availability' | 'price' | 'locality' | 'order', number>
  >
  /** A candidate that is usable again within this time stands as if it were usable now, ms. */
  readonly patienceMs: number
  readonly floors: {
    readonly localOnly?: boolean
    readonly zeroCost?: boolean
    readonly minContextTokens?: number
  }
}

/** Why a request went where it went. The same story that `explain` tells beforehand. */
export interface DecisionRecord {
  readonly task: Task
  /** Where the task came from: `given by the caller`, what the classifier saw, `default`. */
  readonly taskReason: string
  /** How candidates were put in order: the name of a policy. */
  readonly policy: string
  /** What that policy weighed, waited for and would not cross; with the candidates it can be replayed. */
  readonly rules: DecisionRules
  /** In the order they are or would be tried, cut ones last. */
  readonly candidates: readonly CandidateRecord[]
}
