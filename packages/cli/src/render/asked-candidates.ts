import type { CandidateRecord, OpenMuxError } from '@openmux/core'

/** Whether the error says that no candidate could even be tried (it then may carry the code they all share). */
export function nobodyCould(error: OpenMuxError): boolean {
  const candidates = error.decision?.candidates ?? []
  return candidates.length > 0 && candidates.every(({ verdict }) => verdict === 'cut')
}

/** The candidates without those of whom the request itself did not want to hear: that they were left out is no news. */
export function candidatesAsked(error: OpenMuxError): readonly CandidateRecord[] {
  const candidates = error.decision?.candidates ?? []
  const asked = candidates.filter(({ reasons }) => !reasons.some((reason) => NOT_ASKED.test(reason)))
  return asked.length > 0 ? asked : candidates
}

/** How the core says that another provider was asked for. */
const NOT_ASKED = /^the request asks for .+ only$/
