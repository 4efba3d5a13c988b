import type { CandidateRecord, Verdict } from '../contract/decision.js'
import type { Locality } from '../contract/locality.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Provider } from '../contract/provider.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { Score } from '../plan/score.js'

/** One (provider, model) to be tried. */
export interface Candidate {
  readonly provider: Provider
  readonly model: string
  readonly card?: ModelCard
  readonly reasons: readonly string[]
  /** Place in the caller's order of providers, then in the provider's order of models. */
  readonly place: number
  /** Named by a preference: stands in front of every score. */
  readonly preferred: boolean
  /** Where candidates are ordered by score. */
  readonly score?: Score
  /** Time until it could be asked when it was scored, ms; absent: at once. */
  readonly usableInMs?: number
  /** A limit ends then, ms since 1970; it is worth waiting for. */
  readonly notBefore?: number
  /** It failed lately and is tried because nobody else is left. */
  readonly lastResort?: boolean
}

/** A candidate that was cut, as `no-candidate` and the decision record need it. */
export interface CutRecord extends CandidateRecord {
  readonly code: ErrorCode
  /** The request itself names another provider. */
  readonly notAskedFor?: true
}

/** Takes note of why a provider, or one model of it, is out. */
export type CutOff = (cut: {
  readonly provider: Provider
  readonly model?: string
  readonly code: ErrorCode
  readonly reason: string
  readonly remedies?: readonly string[]
  readonly until?: number | 'never' | undefined
  /** A floor cut it: the candidate, for the record. */
  readonly byFloor?: Candidate
}) => void

/** What the decision record says of a candidate. */
export function recordOf(candidate: Candidate, verdict: Verdict, note?: string): CandidateRecord {
  const { provider, model, reasons } = candidate
  return {
    provider: provider.id,
    model,
    verdict,
    reasons: note === undefined ? reasons : [note, ...reasons],
    ...scoreRecord(candidate),
  }
}

/** What of a score the decision record keeps, so that another policy can be tried on it. */
export function scoreRecord({
  score,
  place,
  preferred,
  usableInMs,
  provider,
  card,
}: Candidate): Partial<CandidateRecord> {
  if (score === undefined) return {}
  return {
    score: score.value,
    parts: score.parts.map(({ name, value, reason }) => ({ name, value, reason })),
    place,
    ...(preferred && { preferred }),
    ...(usableInMs !== undefined && { usableInMs: Number.isFinite(usableInMs) ? usableInMs : 'never' }),
    locality: localityOf(provider, card),
    ...(card !== undefined && { free: card.free }),
    ...(card?.contextTokens !== undefined && { contextTokens: card.contextTokens }),
  }
}

/** Where a model runs: a local provider may know models that are hosted elsewhere. */
export function localityOf(provider: Provider, card: ModelCard | undefined): Locality {
  return card?.state === 'hosted' ? 'remote' : provider.locality
}
