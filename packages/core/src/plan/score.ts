import type { Task } from '../contract/task.js'
import type { Policy, Weights } from './policies.js'
import {
  availabilityPart,
  localityPart,
  orderPart,
  pricePart,
  qualityPart,
  type ScoreInput,
  type ScorePart,
  speedPart,
} from './score-parts.js'

/** What all candidates of a request are scored by. */
export interface ScoreContext {
  readonly task: Task
  readonly policy: Policy
  /** How many places the caller's order has. Default: one more than the last place among the candidates. */
  readonly places?: number
}

/** How good a candidate is for a request, and why. */
export interface Score {
  /** From 0 to 1: the parts by the policy's weights. */
  readonly value: number
  /** Whether it can be asked now or within the policy's patience. Those that cannot stand behind all others. */
  readonly usable: boolean
  readonly parts: readonly ScorePart[]
  /** For people, what decided first: `free`, `70B`, `0.6 s to first token lately`. */
  readonly reasons: readonly string[]
}

/** A candidate with its score. */
export interface Ranked<T extends ScoreInput = ScoreInput> {
  readonly input: T
  readonly score: Score
}

/** Scores one candidate. Pure: equal inputs give equal scores. */
export function scoreCandidate(input: ScoreInput, context: ScoreContext): Score {
  const parts = [
    qualityPart(input, context.task),
    speedPart(input),
    availabilityPart(input),
    pricePart(input),
    localityPart(input),
    orderPart(input, context.places ?? input.place + 1),
  ]
  return {
    value: weigh(parts, context.policy.weights),
    usable: isUsable(input.standing?.usableInMs, context.policy),
    parts,
    reasons: reasonsOf(parts, context.policy.weights),
  }
}

/**
 * Candidates, best first: usable ones, then by score, then by place, then by name. A total order: the same
 * candidates come out the same way, however they went in.
 */
export function rankCandidates<T extends ScoreInput>(
  inputs: readonly T[],
  context: ScoreContext,
): readonly Ranked<T>[] {
  const places = context.places ?? inputs.reduce((most, { place }) => Math.max(most, place + 1), 0)
  return inputs
    .map((input) => ({ input, score: scoreCandidate(input, { ...context, places }) }))
    .sort(compareRanked)
}

/** Which of two scored candidates goes first: negative for `a`. */
export function compareRanked(a: Ranked, b: Ranked): number {
  return (
    Number(b.score.usable) - Number(a.score.usable) ||
    b.score.value - a.score.value ||
    a.input.place - b.input.place ||
    compareNames(a.input.provider, b.input.provider) ||
    compareNames(a.input.model, b.input.model)
  )
}

/** The weighted mean of parts. */
export function weigh(parts: readonly Pick<ScorePart, 'name' | 'value'>[], weights: Weights): number {
  let sum = 0
  let total = 0
  for (const { name, value } of parts) {
    sum += value * weights[name]
    total += weights[name]
  }
  return total === 0 ? 0 : sum / total
}

/** Whether a rest of this length is within the policy's patience. */
export function isUsable(usableInMs: number | undefined, policy: Pick<Policy, 'patienceMs'>): boolean {
  return (usableInMs ?? 0) <= policy.patienceMs
}

/** Only parts that count under these weights, heaviest first. */
function reasonsOf(parts: readonly ScorePart[], weights: Weights): readonly string[] {
  const counting = parts.filter(({ name }) => weights[name] > 0)
  // Stable: parts of equal weight keep the order they are listed in.
  return counting.sort((a, b) => weights[b.name] - weights[a.name]).map(({ reason }) => reason)
}

/** By code units: the same on every machine, whatever its language. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
