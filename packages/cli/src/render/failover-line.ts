import type { Attempt } from '@openmux/core'
import { showControls } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { duration } from './quantities.js'

/** One line: what failed, why, and where the request goes. Undefined for the last failure: the error tells that. */
export function failoverLine(failed: Attempt): string | undefined {
  const where = followedByText(failed)
  if (where === undefined) return undefined
  const why = firstSentence(failed.message ?? 'it failed')
  const code = failed.code === undefined ? '' : ` (${failed.code})`
  return showControls(`${target(failed)}: ${why}${code} → ${where}`)
}

/** What was done about a failure: `trying hf-local/…`, `the same again after 0.2 s`. */
export function followedByText({ followedBy }: Attempt): string | undefined {
  if (followedBy === undefined) return undefined
  return followedBy.move === 'retry'
    ? `the same again after ${duration(followedBy.waitMs)}`
    : `trying ${target(followedBy)}`
}

function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0] ?? ''
  return line.replace(/\.$/, '')
}
