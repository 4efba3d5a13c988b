import type { ErrorCode } from '../errors/error-codes.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { CutRecord } from './candidate.js'

/** Nobody could even be tried: says why for each, and what to do. One shared cause keeps its own code. */
export function noCandidate(cut: readonly CutRecord[]): OpenMuxError {
  const told = cut.filter((record) => record.notAskedFor !== true)
  const records = told.length > 0 ? told : cut
  const codes = new Set(records.map((record) => record.code))
  const [only] = codes
  const code: ErrorCode = codes.size === 1 && only !== undefined ? only : 'no-candidate'
  const reasons = records.map(
    (record) => `${record.provider}: ${record.reasons.map(withoutFullStop).join(', ')}`,
  )
  const remedies = [...new Set(records.flatMap((record) => record.remedies ?? []))]
  const [first] = remedies
  return new OpenMuxError({
    code,
    next: 'nowhere',
    message:
      records.length === 0
        ? 'There is no provider.'
        : `Nothing can answer this request. ${reasons.join('; ')}.`,
    hint: first ?? (cut.length === 0 ? 'Give OpenMux at least one provider.' : undefined),
    ...(records.length === 1 && { provider: records[0]?.provider }),
    remedies,
    until: earliest(records),
  })
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

/** When the first of them may be asked again; `never` when all say so; undefined when nobody knows. */
function earliest(records: readonly CutRecord[]): number | 'never' | undefined {
  const times = records.flatMap(({ until }) => (typeof until === 'number' ? [until] : []))
  if (times.length > 0) return Math.min(...times)
  return records.length > 0 && records.every(({ until }) => until === 'never') ? 'never' : undefined
}
