import type { Attempt, CandidateRecord, OpenMuxError } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { target } from './closing-line.js'
import { followedByText } from './failover-line.js'
import { inWordsOfTheCommandLine, inWordsOfTheConfiguration } from './library-words.js'
import { moment } from './moments.js'
import { duration } from './quantities.js'
import { wrap } from './wrap.js'

/** What of an error is told. */
type Told = Pick<OpenMuxError, 'code' | 'message' | 'hint'> & {
  readonly remedies: readonly string[]
  readonly attempts: readonly Attempt[]
  readonly cut: readonly CandidateRecord[]
  readonly details: readonly string[]
  readonly again: string | undefined
}

/** An error for people: what happened, why for each provider or attempt, what to do. `cut`: who could not even be tried. */
export function errorText(
  error: OpenMuxError,
  cut: readonly CandidateRecord[],
  waysOut: readonly string[],
  verbose: boolean,
  colours: Colours,
  width: number,
): string {
  const told: Told = showControlsIn({
    code: error.code,
    message: error.message,
    hint: hintAtTheCommandLine(error),
    remedies: waysOut,
    attempts: error.code === 'all-failed' ? (error.attempts ?? []) : [],
    cut,
    details: verbose ? details(error) : [],
    again: againText(error),
  })
  const lists = told.attempts.length > 0 || told.cut.length > 0
  const headline = lists ? headlineOf(told) : told.message
  const lines = [
    colours.bad('error') + wrap(`error ${headline} (${told.code})`, width, 6).slice('error'.length),
    ...told.attempts.map((attempt) => wrap(`  ${attemptText(attempt)}`, width, 4)),
    ...told.cut.map((record) => wrap(`  ${target(record)}: ${record.reasons.join(', ')}`, width, 4)),
    ...(told.again === undefined ? [] : [`  ${told.again}`]),
    ...(told.remedies.length === 0
      ? [colours.name(wrap(`  → ${told.hint}`, width, 4))]
      : remediesText(told.remedies, colours, width)),
    ...told.details.map((detail) => colours.quiet(wrap(`  ${detail}`, width, 4))),
  ]
  return `${lines.join('\n')}\n`
}

/** When it is worth asking again, where somebody said so: what happened so far is about others, this about the user. */
function againText({ until }: OpenMuxError): string | undefined {
  const now = Date.now()
  if (typeof until !== 'number' || until <= now) return undefined
  return `It may be served again ${moment(until, now)}.`
}

/** Hints of the library speak of its fields; here there are options. */
function hintAtTheCommandLine(error: OpenMuxError): string {
  if (error.code === 'timeout' && error.phase === 'total')
    return 'Allow more time with --timeout, or ask for a shorter answer.'
  if (error.partial?.other !== undefined)
    return 'What came first is above. With --on-break restart the other answer is printed whole.'
  if (error.code === 'truncated') return 'What came is above; ask again for a whole answer.'
  const { code, hint, provider } = error
  return code === 'bad-config'
    ? inWordsOfTheConfiguration(hint, provider)
    : inWordsOfTheCommandLine(hint, provider)
}

/** One attempt in one line. */
export function attemptText(attempt: Attempt): string {
  const took = duration(attempt.durationMs)
  if (attempt.outcome === 'answered') return `${target(attempt)}: answered in ${took}`
  const next = followedByText(attempt)
  const then = next === undefined ? '' : `; then ${next}`
  return `${target(attempt)}: ${attempt.message ?? attempt.outcome} (${[attempt.code ?? attempt.outcome, took].join(', ')})${then}`
}

function headlineOf({ cut }: Told): string {
  return cut.length > 0 ? 'Nothing can answer this request.' : 'Every candidate failed.'
}

function remediesText(remedies: readonly string[], colours: Colours, width: number): readonly string[] {
  if (remedies.length === 1) return remedies.map((remedy) => colours.name(wrap(`  → ${remedy}`, width, 4)))
  return ['Ways out:', ...remedies.map((remedy, place) => wrap(`  ${place + 1}. ${remedy}`, width, 5))]
}

function details(error: OpenMuxError): readonly string[] {
  const { upstream } = error
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ['provider', error.provider],
    ['model', error.model],
    ['field', error.field],
    ['phase', error.phase],
    ['status', upstream?.status],
    ['vendor code', upstream?.code],
    ['request id', upstream?.requestId],
    ['answer', upstream?.body],
    ['cause', error.cause instanceof Error ? error.cause.message : undefined],
  ]
  return facts.flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [`${name}: ${String(value)}`],
  )
}
