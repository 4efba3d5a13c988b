import type { Attempt, ResumedEvent } from '@openmux/core'
import { showControls } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { duration } from './quantities.js'

/** One line: what failed, why, and where the request goes. Undefined for the last failure: the error tells that. */
export function failoverLine(failed: Attempt): string | undefined {
  const where = followedByText(failed)
  return where === undefined ? undefined : showControls(`${failureText(failed)} → ${where}`)
}

/** What was done about a failure: `trying hf-local/…`, `the same again after 0.2 s`. */
export function followedByText({ followedBy }: Attempt): string | undefined {
  if (followedBy === undefined) return undefined
  return followedBy.move === 'retry'
    ? `the same again after ${duration(followedBy.waitMs)}`
    : `trying ${target(followedBy)}`
}

/** One line: where an answer broke off, why, and who goes on or begins it again. */
export function resumedLine(broken: Attempt, resumed: ResumedEvent): string {
  const same = broken.provider === resumed.provider && broken.model === resumed.model
  const who = same ? 'the same' : target(resumed)
  const what = resumed.discard ? 'begins the answer again' : 'goes on'
  return showControls(`${failureText(broken)} → ${who} ${what}`)
}

function failureText(failed: Attempt): string {
  const code = failed.code === undefined ? '' : ` (${failed.code})`
  return `${target(failed)}: ${firstSentence(failed.message ?? 'it failed')}${code}`
}

function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.replace(/\.$/, '')
}
