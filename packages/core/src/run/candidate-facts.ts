import type { CandidateRecord } from '../contract/decision.js'
import type { Locality } from '../contract/locality.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Provider } from '../contract/provider.js'
import type { Score } from '../plan/score.js'
import type { Candidate } from './candidate.js'

/** What the decision record keeps of a scored candidate, so that another policy can be tried on it. */
export function scoreFacts(
  candidate: Candidate,
  score: Score,
  usableInMs: number | undefined,
): Partial<CandidateRecord> {
  return {
    score: score.value,
    parts: score.parts.map(({ name, value, reason }) => ({ name, value, reason })),
    place: candidate.place,
    ...(candidate.preferred && { preferred: true }),
    ...(usableInMs !== undefined && { usableInMs: Number.isFinite(usableInMs) ? usableInMs : 'never' }),
    ...floorFacts(candidate),
  }
}

/** What floors look at. */
export function floorFacts({ provider, card }: Candidate): Partial<CandidateRecord> {
  return {
    locality: localityOf(provider, card),
    ...(card !== undefined && { free: card.free }),
    ...(card?.contextTokens !== undefined && { contextTokens: card.contextTokens }),
  }
}

/** Where a model runs: a local provider may know models that are hosted elsewhere. */
export function localityOf(provider: Provider, card: ModelCard | undefined): Locality {
  return card?.state === 'hosted' ? 'remote' : provider.locality
}
