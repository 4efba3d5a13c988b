import type { ReplayableDecision, ReplayedCandidate, ReplayReport } from '@openmux/core/replay'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { plainTable } from './plain-table.js'
import { counted } from './quantities.js'
import { wrap } from './wrap.js'

/** What became of somebody then, for people. */
const THEN = {
  answered: 'answered then',
  failed: 'failed then',
  'not-tried': 'not tried then',
  planned: 'planned then',
  cut: 'out then',
} as const

/** What would have been otherwise: how often, who first instead of whom, and each decision that changes. */
export function replayText(
  given: readonly ReplayableDecision[],
  result: ReplayReport,
  colours: Colours,
  width: number,
): string {
  const decisions = showControlsIn(given)
  const { replayed, otherFirst, firsts } = showControlsIn(result)
  const summary =
    otherFirst === 0
      ? `${counted(replayed.length, 'decision')}: the first choice stays the same in all.`
      : `${counted(replayed.length, 'decision')}: another first choice in ${otherFirst}.`
  const table = plainTable(
    [{ title: 'ASKED FIRST' }, { title: 'THEN', align: 'right' }, { title: 'NOW', align: 'right' }],
    firsts.map(({ target: who, before, after }) => [colours.strong(who), String(before), String(after)]),
    colours,
  )
  const changes = replayed.flatMap(({ first, same }, at): string[] => {
    const before = decisions[at]?.candidates.find(({ verdict }) => verdict !== 'cut')
    const then = before === undefined ? 'nobody' : name(before)
    const now = first === undefined ? 'nobody' : name(first)
    if (then === now)
      return same ? [] : [wrap(`  ${at + 1}. ${now} first, as then; others follow otherwise`, width, 5)]
    const known = first === undefined ? '' : ` (${THEN[first.verdict]})`
    return [wrap(`  ${at + 1}. ${then} → ${now}${known}`, width, 5)]
  })
  return [
    `${summary}\n`,
    ...(firsts.length === 0 ? [] : [table]),
    ...(changes.length === 0 ? [] : [`${changes.join('\n')}\n`]),
  ].join('\n')
}

function name({
  provider,
  model,
}: Pick<ReplayedCandidate, 'provider'> & { readonly model?: string | undefined }): string {
  return target({ provider, ...(model !== undefined && { model }) })
}
