import type { ProbeCheck } from '@openmux/core'
import type { Judgement } from '../probe/judge.js'
import type { ProbedProvider, ProbeReport } from '../probe/report.js'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { plainTable } from './plain-table.js'
import { wrap } from './wrap.js'

/** A report for people: a table for each provider, and below it what it means. */
export function probeTable(
  report: ProbeReport,
  judgements: readonly Judgement[],
  colours: Colours,
  width: number,
): string {
  const shown = showControlsIn(report)
  return shown.providers
    .map((provider) => {
      const judgement = judgements.find((one) => one.provider === provider.id)
      const shownChecks = report.spend ? provider.checks : provider.checks.filter((check) => !isTrial(check))
      const table = shownChecks.length === 0 ? '' : checksTable(shownChecks, colours, width)
      const told = judgement === undefined ? '' : judgementText(judgement, colours, width)
      return `${heading(provider, colours)}\n${table}${told}`
    })
    .join('\n')
}

/** Trials that were not made because nobody allowed them are no news for people. */
function isTrial({ id, verdict }: ProbeCheck): boolean {
  return id.startsWith('spend.') && verdict === 'not-checked'
}

/** One provider's judgement with its reasons. */
export function judgementText(judgement: Judgement, colours: Colours, width: number): string {
  const { provider, opinion, sentences } = showControlsIn(judgement)
  const said = {
    agrees: colours.good('as its package says'),
    disagrees: colours.bad('not what its package says'),
    inconclusive: colours.notice('could not be told'),
  }[opinion]
  const lines = sentences.map((sentence) => wrap(`  → ${sentence}`, width, 4))
  return `${[`${provider}: ${said}`, ...lines].join('\n')}\n`
}

function heading({ id, name, lifecycle }: ProbedProvider, colours: Colours): string {
  return `${colours.strong(id)}  ${colours.quiet(`${name}, ${lifecycle.stage} since ${lifecycle.since}`)}`
}

/** Wider than any terminal: what is no terminal gets a row for each check, to be searched line by line. */
const ENDLESS = 1_000

/** Columns of the longest verdict. */
const VERDICT_COLUMNS = 'gone, as expected'.length

/** Checks with verdict, name, address and evidence: as rows, or on a terminal as blocks that fit its width. */
export function checksTable(checks: readonly ProbeCheck[], colours: Colours, width: number): string {
  return width < ENDLESS ? blocks(checks, colours, width) : rows(checks, colours)
}

function blocks(checks: readonly ProbeCheck[], colours: Colours, width: number): string {
  return checks
    .map((check) => {
      const gap = ' '.repeat(Math.max(0, VERDICT_COLUMNS - verdictWords(check).length))
      const lines = [
        `${verdictText(check, colours)}${gap}  ${colours.strong(check.id)}`,
        colours.quiet(wrap(`    ${check.purpose}: ${check.endpoint}`, width, 4)),
        wrap(`    ${check.evidence}`, width, 4),
      ]
      return `${lines.join('\n')}\n`
    })
    .join('')
}

function rows(checks: readonly ProbeCheck[], colours: Colours): string {
  return plainTable(
    [{ title: '' }, { title: '' }, { title: '' }],
    checks.map((check) => [verdictText(check, colours), check.id, `${check.endpoint}  ${check.evidence}`]),
    colours,
  )
}

function verdictText(check: ProbeCheck, colours: Colours): string {
  const { verdict, expected } = check
  const isSoft = verdict === 'unauthorised' || verdict === 'quota' || verdict === 'unreachable'
  if (verdict === 'not-checked') return colours.quiet(verdictWords(check))
  if (verdict === expected) return colours.good(verdictWords(check))
  return (isSoft ? colours.notice : colours.bad)(verdictWords(check))
}

function verdictWords({ verdict, expected }: ProbeCheck): string {
  return verdict === 'gone' && expected === 'gone' ? 'gone, as expected' : verdict.replace('-', ' ')
}
