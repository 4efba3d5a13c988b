import type { CandidateRecord, DecisionRecord } from '@openmux/core'

/**
 * A plan with every score, and what became of its candidates: those that were tried in the order they were, the others
 * behind them as they were planned. A decision that was scored itself is kept as it is.
 */
export function withOutcomes(plan: DecisionRecord, outcome: DecisionRecord): DecisionRecord {
  if (outcome.candidates.some(({ parts }) => parts !== undefined)) return outcome
  const isTried = ({ verdict }: CandidateRecord): boolean => verdict === 'answered' || verdict === 'failed'
  const same = (one: CandidateRecord, other: CandidateRecord): boolean =>
    one.provider === other.provider && one.model === other.model
  const tried = outcome.candidates.filter(isTried)
  const known = plan.candidates.filter(
    (candidate) => candidate.verdict !== 'cut' || !tried.some((one) => same(one, candidate)),
  )
  return {
    ...outcome,
    candidates: [
      ...tried.map((candidate) => {
        const planned = known.find((one) => same(one, candidate))
        return planned === undefined ? candidate : { ...planned, verdict: candidate.verdict }
      }),
      ...known
        .filter((candidate) => !tried.some((one) => same(one, candidate)))
        .map((candidate) =>
          candidate.verdict === 'planned' ? { ...candidate, verdict: 'not-tried' as const } : candidate,
        ),
    ],
  }
}
