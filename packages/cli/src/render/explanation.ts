import type { CandidateRecord, DecisionRecord, Verdict } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { inWordsOfTheCommandLine } from './library-words.js'
import { moment } from './moments.js'
import { wrap } from './wrap.js'

/** The policy of a request that names none. */
const USUAL_POLICY = 'ordered'

const WORDS: Readonly<Record<Verdict, string>> = {
  planned: 'would be tried',
  answered: 'answered',
  failed: 'failed',
  'not-tried': 'not needed',
  cut: 'not in question',
}

/** The decision told for people: before the run what would happen, after it what did, in the same words. */
export function explanation(decision: DecisionRecord, colours: Colours, width: number): string {
  const { task, taskReason, policy, rules, candidates } = showControlsIn(decision)
  const lines = [
    `Task: ${colours.strong(task)} (${taskReason})`,
    // The usual one goes by the order alone; of the others it matters what counts.
    ...(policy === USUAL_POLICY
      ? []
      : [wrap(`Policy: ${colours.strong(policy)} (${weightsText(rules)})`, width, 2)]),
  ]
  let place = 0
  for (const candidate of candidates) {
    if (candidate.verdict !== 'cut') place += 1
    const scored = policy !== USUAL_POLICY && candidate.verdict !== 'cut'
    lines.push('', ...candidateLines(weighed(candidate, rules), place, scored, colours, width))
  }
  if (candidates.length === 0) lines.push('', 'There is no provider.')
  return `${lines.join('\n')}\n`
}

function candidateLines(
  candidate: CandidateRecord,
  place: number,
  scored: boolean,
  colours: Colours,
  width: number,
): readonly string[] {
  const { verdict, reasons, remedies = [], parts = [], until } = candidate
  const now = Date.now()
  const mark = verdict === 'cut' ? ' –' : `${place}.`.padStart(2)
  const order = verdict === 'planned' ? orderText(place, candidate.lastResort === true) : ''
  const word = `${WORDS[verdict]}${order}`
  const paint =
    verdict === 'answered' || (verdict === 'planned' && place === 1)
      ? colours.good
      : verdict === 'failed'
        ? colours.bad
        : colours.quiet
  // Of one that is out, the reason for that is all that matters.
  const isTold = ({ name }: { readonly name: string }): boolean =>
    scored || verdict === 'cut' || name === 'order'
  const told = new Set(parts.filter(isTold).map(({ reason }) => reason))
  const score = scored && candidate.score !== undefined ? `  ${share(candidate.score)}` : ''
  return [
    `${mark} ${colours.strong(target(candidate))}${score}  ${paint(word)}`,
    ...(scored ? scoreLines(parts, colours).map((line) => wrap(`     ${line}`, width, 24)) : []),
    ...reasons.filter((reason) => !told.has(reason)).map((reason) => wrap(`     ${reason}`, width, 5)),
    ...(typeof until === 'number' && until > now ? [`     asked again ${moment(until, now)}`] : []),
    ...remedies.map((remedy) =>
      colours.name(wrap(`     → ${inWordsOfTheCommandLine(remedy, candidate.provider)}`, width, 7)),
    ),
  ]
}

function orderText(place: number, isLastResort: boolean): string {
  if (isLastResort) return place === 1 ? ', as nobody else can answer' : ' if nobody else can answer'
  return place === 1 ? ' first' : ` if number ${place - 1} fails`
}

/** Columns of the longest part with its value. */
const PART_COLUMNS = 'availability 0.00  '.length

/** What a score is made of, a line each: what was seen, and what it is worth. */
function scoreLines(parts: NonNullable<CandidateRecord['parts']>, colours: Colours): readonly string[] {
  return parts.map(({ name, value, reason }) => {
    const part = `${name} ${share(value)}`.padEnd(PART_COLUMNS)
    // Places are counted with gaps, for the engine; the order of providers is told below.
    return name === 'order' ? colours.quiet(part.trimEnd()) : `${colours.quiet(part)}${reason}`
  })
}

/** Without the parts that weigh nothing here. */
function weighed(candidate: CandidateRecord, { weights }: DecisionRecord['rules']): CandidateRecord {
  const { parts } = candidate
  if (parts === undefined) return candidate
  const counting: Readonly<Record<string, number>> = weights
  return { ...candidate, parts: parts.filter(({ name }) => (counting[name] ?? 0) > 0) }
}

function weightsText({ weights }: DecisionRecord['rules']): string {
  const told = Object.entries(weights).filter(([, weight]) => weight > 0)
  return told.map(([name, weight]) => `${name} × ${weight}`).join(', ')
}

function share(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, '')
}
