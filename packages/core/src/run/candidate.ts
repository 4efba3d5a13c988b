import type { CandidateRecord, Verdict } from '../contract/decision.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Provider } from '../contract/provider.js'
import type { ErrorCode } from '../errors/error-codes.js'
import type { BegunRequest } from './knowledge.js'

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
  /** Where candidates are ordered by score: what the decision record keeps of it. */
  readonly facts?: Partial<CandidateRecord>
  /** A limit ends then, ms since 1970; it is worth waiting for. */
  readonly notBefore?: number
  /** It failed lately and is tried because nobody else is left. */
  readonly triedAnyway?: boolean
  /** Of a last resort: takes what the ledger would learn of it. */
  readonly unnoted?: BegunRequest
}

/** A candidate that was cut, as `no-candidate` and the decision record need it. */
export interface CutRecord extends CandidateRecord {
  readonly code: ErrorCode
  /** Nothing anybody needs to be told: the request itself names another provider, or it is no last resort for it. */
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
  const { provider, model, reasons, card, facts } = candidate
  return {
    provider: provider.id,
    model,
    verdict,
    reasons: note === undefined ? reasons : [note, ...reasons],
    ...facts,
    ...(card?.lastResort !== undefined && { lastResort: true }),
  }
}
