import type { CallContext } from '../contract/call-context.js'
import { EVIDENCE_LIMIT, type ProbeBelief, type ProbeCheck } from '../contract/probe.js'
import type { Task } from '../contract/task.js'
import { redact } from '../errors/redact.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import { failureFinding, type ProbeFinding } from './finding.js'

/** What a check is about, before anybody looked. */
export interface ProbeQuestion {
  readonly id: string
  readonly endpoint: string
  readonly purpose: string
  readonly task?: Task
  /** Default `as-expected`. */
  readonly expected?: ProbeBelief
  /** Keys to be blanked out of the evidence, beside what looks like one. */
  readonly secrets?: readonly string[]
}

/**
 * Looks, and makes a check of what was found: times it, blanks keys, cuts the evidence to one short line. A failure
 * is a finding by its code (see `failureFinding`); what was believed gone and is not, `works-again`. Throws `aborted` only.
 */
export async function probeCheck(
  question: ProbeQuestion,
  context: CallContext,
  look: (context: CallContext) => Promise<ProbeFinding>,
): Promise<ProbeCheck> {
  const startedAt = context.clock.now()
  const found = await look(context).catch((thrown: unknown): ProbeFinding => {
    const error = toOpenMuxError(thrown)
    if (error.code === 'aborted') throw error
    return failureFinding(error)
  })
  return checkOf(question, found, context.clock.now() - startedAt)
}

/** A check that was not made, and why not: no key, needs `spend`, offline. */
export function notChecked(question: ProbeQuestion, reason: string): ProbeCheck {
  return checkOf(question, { verdict: 'not-checked', evidence: reason }, 0)
}

function checkOf(question: ProbeQuestion, found: ProbeFinding, durationMs: number): ProbeCheck {
  const { id, endpoint, purpose, task, expected = 'as-expected', secrets } = question
  const verdict = expected === 'gone' && found.verdict === 'as-expected' ? 'works-again' : found.verdict
  return {
    id,
    endpoint,
    purpose,
    ...(task === undefined ? {} : { task }),
    expected,
    verdict,
    ...(found.status === undefined ? {} : { status: found.status }),
    evidence: oneLine(redact(found.evidence, secrets)),
    spent: false,
    durationMs: Math.max(0, Math.round(durationMs)),
  }
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > EVIDENCE_LIMIT ? `${line.slice(0, EVIDENCE_LIMIT - 1)}…` : line
}
