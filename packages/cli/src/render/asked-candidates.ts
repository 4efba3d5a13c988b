import type { CandidateRecord, Locality, Lifecycle, OpenMuxError } from '@openmux/core'
import { findNamed, type Named } from '../providers/spelling.js'

/** What is known of the providers of a run when an error is told. */
export type KnownProvider = Named & { readonly locality: Locality; readonly lifecycle: Lifecycle }

/** The words of a request that leave providers out. */
export interface Asked {
  readonly providers: readonly KnownProvider[]
  /** `--provider`, in any spelling. */
  readonly provider: string | undefined
  /** `--model`; `provider/model` names both. */
  readonly model: string | undefined
  /** `--local` or `--offline`. */
  readonly stayLocal: boolean
}

/**
 * Whether the error says that no candidate could even be tried (it then may carry the code they all share). That a
 * last resort was tried after that, and failed, changes nothing about it.
 */
export function nobodyCould(error: OpenMuxError): boolean {
  const candidates = error.decision?.candidates ?? []
  return (
    candidates.length > 0 &&
    candidates.every(({ verdict, lastResort }) => verdict === 'cut' || lastResort === true)
  )
}

/** The candidates without those of whom the request itself did not want to hear: that they were left out is no news. */
export function candidatesAsked(error: OpenMuxError, asked: Asked): readonly CandidateRecord[] {
  const candidates = error.decision?.candidates ?? []
  const silent = leftOut(asked)
  const news = candidates.filter(
    // Nobody expects a last resort to answer what it is not for; what broke it is the first of its reasons.
    ({ provider, verdict, lastResort }) =>
      !silent.has(provider) && !(verdict === 'cut' && lastResort === true),
  )
  return (news.length > 0 ? news : candidates).map((record) =>
    record.lastResort === true ? { ...record, reasons: record.reasons.slice(0, 1) } : record,
  )
}

/** Ids of the providers that the request itself leaves out. */
function leftOut({ providers, provider, model, stayLocal }: Asked): ReadonlySet<string> {
  const owner = model?.includes('/') === true ? model.slice(0, model.indexOf('/')) : undefined
  const only =
    (provider === undefined ? undefined : findNamed(provider, providers)) ??
    (owner === undefined ? undefined : findNamed(owner, providers))
  return new Set(
    providers
      .filter(({ id, locality }) =>
        only === undefined ? stayLocal && locality === 'remote' : id !== only.id,
      )
      .map(({ id }) => id),
  )
}
