import type { CombinedResult, MemberEvent, MemberReport } from '@openmux/core/combine'
import { showControls } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { counted, duration } from './quantities.js'

/** `ollama/llama3.2:1b: Nothing listens (network), the others go on`. */
export function memberFailureLine({ code, why, ...member }: MemberEvent): string {
  const reason = (why ?? 'it failed').split('\n', 1)[0]?.replace(/\.$/, '') ?? ''
  return showControls(`${target(member)}: ${reason}${code === undefined ? '' : ` (${code})`}, without it`)
}

/** What became of each member, and last how the answer was made and what it took. */
export function combinedLines(result: CombinedResult): readonly string[] {
  const { members, decidedBy, durationMs, calls, usage } = result
  const asked = members.filter(({ outcome }) => outcome !== 'not-asked')
  const about = usage?.estimated === true ? 'about ' : ''
  const tokens = usage === undefined ? [] : [`${about}${counted(usage.outputTokens, 'token')}`]
  return [
    ...asked.map((member) => `  ${memberText(member)}`),
    `— ${[decidedBy.replace(/\.$/, ''), duration(durationMs), counted(calls, 'call'), ...tokens].join(', ')}`,
  ].map((line) => showControls(line))
}

const OUTCOMES: Readonly<Record<MemberReport['outcome'], string>> = {
  won: 'its answer was taken',
  used: 'answered',
  unusable: 'not usable',
  failed: 'failed',
  cancelled: 'not waited for',
  'not-asked': 'not asked',
}

function memberText({ outcome, durationMs, ...member }: MemberReport): string {
  const took = durationMs === undefined ? '' : ` (${duration(durationMs)})`
  return `${target(member)}: ${OUTCOMES[outcome]}${took}`
}
