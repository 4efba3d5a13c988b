import type { CandidateRecord, DecisionRecord, Verdict } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { wrap } from './wrap.js'

const WORDS: Readonly<Record<Verdict, string>> = {
  planned: 'would be tried',
  answered: 'answered',
  failed: 'failed',
  'not-tried': 'not needed',
  cut: 'not in question',
}

/** The decision told for people: before the run what would happen, after it what did, in the same words. */
export function explanation(decision: DecisionRecord, colours: Colours, width: number): string {
  const { task, taskReason, candidates } = showControlsIn(decision)
  const lines = [`Task: ${colours.strong(task)} (${taskReason})`]
  let place = 0
  for (const candidate of candidates) {
    if (candidate.verdict !== 'cut') place += 1
    lines.push('', ...candidateLines(candidate, place, colours, width))
  }
  if (candidates.length === 0) lines.push('', 'There is no provider.')
  return `${lines.join('\n')}\n`
}

function candidateLines(
  candidate: CandidateRecord,
  place: number,
  colours: Colours,
  width: number,
): readonly string[] {
  const { verdict, reasons, remedies = [] } = candidate
  const mark = verdict === 'cut' ? ' –' : `${place}.`.padStart(2)
  const order = verdict === 'planned' ? (place === 1 ? ' first' : ` if number ${place - 1} fails`) : ''
  const word = `${WORDS[verdict]}${order}`
  const paint =
    verdict === 'answered' || (verdict === 'planned' && place === 1)
      ? colours.good
      : verdict === 'failed'
        ? colours.bad
        : colours.quiet
  return [
    `${mark} ${colours.strong(target(candidate))}  ${paint(word)}`,
    ...reasons.map((reason) => wrap(`     ${reason}`, width, 5)),
    ...remedies.map((remedy) => colours.name(wrap(`     → ${remedy}`, width, 7))),
  ]
}
