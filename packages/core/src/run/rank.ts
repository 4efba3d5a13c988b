import type { Task } from '../contract/task.js'
import type { Standing } from '../ledger/standing.js'
import type { Policy } from '../plan/policies.js'
import { rankCandidates } from '../plan/score.js'
import type { ScoredStanding } from '../plan/score-parts.js'
import type { Candidate } from './candidate.js'
import { localityOf, scoreFacts } from './candidate-facts.js'
import type { Knowledge } from './knowledge.js'

/** What candidates are ranked by. */
export interface RankContext {
  readonly task: Task
  readonly policy: Policy
  readonly knowledge: Knowledge
  readonly now: number
}

/** Candidates in the order to try: what a preference names first, in the caller's order; the others by score. */
export function ranked(candidates: readonly Candidate[], context: RankContext): readonly Candidate[] {
  const { task, policy, knowledge, now } = context
  const inputs = withoutDoubles(candidates).map((candidate) => {
    const { provider, model, card, place } = candidate
    return {
      candidate,
      provider: provider.id,
      model,
      locality: localityOf(provider, card),
      ...(card !== undefined && { card }),
      performance: knowledge.performance(provider, model),
      standing: scoredStanding(knowledge.standing(provider, model), now),
      place,
    }
  })
  const scored = rankCandidates(inputs, { task, policy }).map(({ input, score }): Candidate => ({
    ...input.candidate,
    facts: scoreFacts(input.candidate, score, input.standing.usableInMs),
    reasons: [...score.reasons, ...input.candidate.reasons],
  }))
  const preferred = scored.filter((candidate) => candidate.preferred).sort((a, b) => a.place - b.place)
  return [...preferred, ...scored.filter((candidate) => !candidate.preferred)]
}

/** A provider may stand in the order twice, once for a model that is preferred. */
function withoutDoubles(candidates: readonly Candidate[]): readonly Candidate[] {
  const seen = new Set<string>()
  return candidates.filter(({ provider, model }) => {
    const name = `${provider.id} ${model}`
    return seen.has(name) ? false : seen.add(name)
  })
}

function scoredStanding(standing: Standing, now: number): ScoredStanding {
  if (standing.usable) return {}
  const { until, reason } = standing
  const usableInMs = typeof until === 'number' ? Math.max(0, until - now) : Number.POSITIVE_INFINITY
  return { usableInMs, why: reason }
}
