import { EXIT_CODES, type ExitCode } from '../render/exit-codes.js'
import type { Judgement } from './judge.js'
import type { ProbeReport } from './report.js'

/**
 * How a probe ends: 6 when anything disagrees with what its package says; else 0 when anything agrees; else 4 when
 * nobody could be reached or the quota is used up, and 3 when a person must act first.
 */
export function exitCodeOfProbe(report: ProbeReport, judgements: readonly Judgement[]): ExitCode {
  if (judgements.some(({ opinion }) => opinion === 'disagrees')) return EXIT_CODES.drift
  if (judgements.some(({ opinion }) => opinion === 'agrees')) return EXIT_CODES.ok
  const asked = report.providers.flatMap(({ checks }) => checks.map(({ verdict }) => verdict))
  return asked.includes('unreachable') || asked.includes('quota') ? EXIT_CODES.failed : EXIT_CODES.setup
}
