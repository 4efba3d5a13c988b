import type { Allowance } from './allowance.js'
import type { Measured, Outcome } from './ledger.js'
import type { Lesson } from './lesson.js'
import type { Sample } from './performance.js'

/** How much of what was counted when a request began it really took of an allowance. */
export function tookOf(
  outcome: Outcome,
  lesson: Lesson | undefined,
): (allowance: Allowance, counted: number) => number {
  const { inputTokens, outputTokens, firstTokenMs, result } = outcome
  const known = inputTokens !== undefined || outputTokens !== undefined
  const tokens = known ? (inputTokens ?? 0) + (outputTokens ?? 0) : undefined
  return ({ unit, rule }, counted) => {
    if (result === 'unsent' || lesson?.reached === false) return 0
    if (result === 'failed' && rule?.countsFailures === false) return 0
    if (unit === 'requests') return counted
    // A refusal took none.
    return tokens ?? (result === 'failed' && firstTokenMs === undefined ? 0 : counted)
  }
}

/** What was measured, with the loading of the model apart from the rest. */
export function speedOf({
  firstTokenMs,
  durationMs,
  outputTokens,
  loadMs,
}: Measured): Pick<Sample, 'firstTokenMs' | 'msPerToken' | 'loadMs'> {
  const rest = durationMs !== undefined && firstTokenMs !== undefined ? durationMs - firstTokenMs : undefined
  const later = (outputTokens ?? 0) - 1
  return {
    ...(firstTokenMs !== undefined && { firstTokenMs: Math.max(0, firstTokenMs - (loadMs ?? 0)) }),
    ...(rest !== undefined && later > 0 && { msPerToken: Math.max(0, rest) / later }),
    ...(loadMs !== undefined && loadMs > 0 && { loadMs }),
  }
}
