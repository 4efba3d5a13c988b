import { isOpenMuxError } from '@openmux/core'
import { show } from '../suite/violation.js'
import { CORPUS_NOW, type UpstreamErrorCase } from './upstream-error.js'

/** Differences up to this are rounding, ms. */
const TOLERANCE_MS = 50

/** What a provider made of a case. */
export interface ErrorOutcome {
  /** What the call threw; undefined when it did not fail. */
  readonly error: unknown
  /** The text that was told before. */
  readonly text?: string
}

/**
 * How what a provider made of a case differs from what it must make of it; empty: not at all. The clock of the call
 * must have stood at {@link CORPUS_NOW}.
 */
export function errorCaseFaults({ expected }: UpstreamErrorCase, outcome: ErrorOutcome): readonly string[] {
  const { error, text = '' } = outcome
  if (!isOpenMuxError(error))
    return [`it must fail with an OpenMuxError \`${expected.code}\`, it gave ${show(error ?? text)}`]
  const faults: string[] = []
  for (const part of ['code', 'scope', 'next'] as const) {
    if (error[part] !== expected[part])
      faults.push(`\`${part}\` must be ${show(expected[part])}, it is ${show(error[part])}: ${error.message}`)
  }
  const waitMs =
    error.until === undefined ? 'unknown' : error.until === 'never' ? 'never' : error.until - CORPUS_NOW
  if (!isSameWait(waitMs, expected.waitMs))
    faults.push(`the wait must be ${show(expected.waitMs)}, it is ${show(waitMs)}`)
  if (text !== (expected.text ?? ''))
    faults.push(`before it ${show(expected.text ?? '')} must be told, it was ${show(text)}`)
  if (expected.shows !== undefined && !error.message.includes(expected.shows))
    faults.push(`the message must show ${show(expected.shows)}, it is ${show(error.message)}`)
  if (expected.hints !== undefined && !error.hint.includes(expected.hints))
    faults.push(`the hint must hold ${show(expected.hints)}, it is ${show(error.hint)}`)
  if (error.hint.trim() === '') faults.push('there is no hint a person can act on')
  return faults
}

function isSameWait(waitMs: number | string, expected: number | string): boolean {
  if (typeof waitMs === 'number' && typeof expected === 'number')
    return Math.abs(waitMs - expected) <= TOLERANCE_MS
  return waitMs === expected
}
