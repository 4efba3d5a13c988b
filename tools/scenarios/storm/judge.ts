import { inspect } from 'node:util'
import { type ChatStreamEvent, embeddingSpaceId, type ToolCall } from '@openmux/core'
import type { Played } from './play.ts'
import { targetsOf } from './requests.ts'
import type { Seen } from './script.ts'
import { type Family, trueCalls, trueJson, trueText, trueVector } from './truth.ts'

/** A promise that was broken. */
export interface Violation {
  readonly rule:
    | 'truncated answer called done'
    | 'characters lost or doubled'
    | 'wrong words'
    | 'JSON spliced'
    | 'tool calls wrong or doubled'
    | 'vectors of another space or order'
    | 'more attempts than allowed'
    | 'ended too late'
    | 'not our error'
    | 'events out of order'
    | 'what was seen is not what is told'
    | 'a beginning that nobody said'
  readonly detail: string
}

/** Codes a request of the storm may honestly end with. */
const HONEST = new Set([
  'all-failed',
  'no-candidate',
  'timeout',
  'aborted',
  'truncated',
  'bad-request',
  'content-filter',
  'model-fault',
  'rate-limit',
  'quota',
  'auth',
  'credits',
  'unavailable',
  'network',
  'bad-response',
  'model-not-found',
  'loading',
  'model-not-served',
  'unsupported',
  'too-large',
  'context-too-long',
  'region',
  'endpoint-moved',
  'endpoint-gone',
  'not-found',
  'needs-setup',
])

/** Everything that is wrong with how a request ended. `seen`: the calls the upstream got for it. `slackMs`: how exact the clock is. */
export function judge(played: Played, seen: readonly Seen[], slackMs: number): readonly Violation[] {
  const found: Violation[] = []
  const blame = (rule: Violation['rule'], detail: string): void => {
    found.push({ rule, detail })
  }
  const { request, result, vectors, error, foreign, events, startedAt, endedAt, abortedAt } = played
  if (foreign !== undefined) blame('not our error', inspect(foreign))
  if (error !== undefined && !HONEST.has(error.code)) blame('not our error', error.code)

  const attempts = (result ?? vectors ?? error)?.attempts ?? []
  // Texts that are too many for one call go in several, all of one attempt.
  const split = request.kind === 'embed' && seen.some(({ fault }) => fault.startsWith('413'))
  if (Math.max(attempts.length, split ? 0 : seen.length) > request.budget)
    blame(
      'more attempts than allowed',
      `${attempts.length} told, ${seen.length} sent, ${request.budget} allowed`,
    )

  const totalMs = request.options.timeouts?.totalMs ?? 600_000
  // Time the caller takes itself is the caller's.
  const own = Math.min(events.length, 10) * request.slowMs
  if (endedAt - startedAt > totalMs + own + slackMs)
    blame('ended too late', `${endedAt - startedAt} ms of ${totalMs}`)
  if (abortedAt !== undefined && endedAt - abortedAt > 50 + request.slowMs + slackMs)
    blame('ended too late', `${endedAt - abortedAt} ms after the caller had left`)

  if (request.streamed) judgeEvents(played, blame)
  if (result !== undefined) judgeResult(played, seen, blame)
  if (vectors !== undefined) judgeVectors(played, blame)
  if (error?.partial !== undefined && request.streamed) judgePartial(played, seen, blame)
  return found
}

type Blame = (rule: Violation['rule'], detail: string) => void

function judgeResult({ request, result }: Played, seen: readonly Seen[], blame: Blame): void {
  if (result === undefined) return
  const { text, toolCalls, finishReason } = result
  const last = seen.at(-1)
  const spec = targetsOf(request).find(({ id }) => id === result.provider)
  if (last === undefined || spec === undefined || last.target !== result.provider)
    return blame('wrong words', `answered by ${result.provider}, asked last: ${last?.target}`)
  // Ended by its own limit or a filter, and called so: not whole, and nobody says that it is.
  const told = finishReason === 'length' || finishReason === 'content-filter'
  if (request.kind === 'json' && text !== trueJson(spec.family, request.topic)) {
    if (!told || isJson(text)) blame('JSON spliced', `${finishReason}: ${text}`)
    return
  }
  if (request.kind === 'tools') judgeCalls(toolCalls, spec.family, request.topic, told, blame)
  if (request.kind === 'json') return
  const silent = request.kind === 'tools' && request.topic % 3 !== 0
  const expected = silent ? '' : trueText(spec.family, request.topic)
  if (text === expected) return
  if (last.prefill !== undefined && last.continuation !== undefined && !expected.startsWith(last.prefill)) {
    // Handed somebody else's beginning: that, and what it said after it.
    const joined = last.prefill + last.continuation
    if (squeezed(text) === squeezed(joined)) return
    if (told && squeezed(joined).startsWith(squeezed(text))) return
    return blame('characters lost or doubled', differing(text, joined))
  }
  // A filter may strike in the middle of a character.
  if (told && expected.startsWith(text.replace(/\ufffd$/, ''))) return
  if (expected.startsWith(text))
    return blame('truncated answer called done', `${text.length} of ${expected.length} (${last.fault})`)
  blame('characters lost or doubled', `${differing(text, expected)} (${last.fault})`)
}

function judgeCalls(
  calls: readonly ToolCall[],
  family: Family,
  topic: number,
  told: boolean,
  blame: Blame,
): void {
  const expected = trueCalls(family, topic)
  const same = (call: ToolCall | undefined, index: number): boolean =>
    call?.name === expected[index]?.name && call?.arguments === expected[index]?.arguments
  const ids = new Set(calls.map(({ id }) => id))
  const whole = told ? calls.length <= expected.length : calls.length === expected.length
  if (!whole || ids.size !== calls.length || !calls.every(same))
    blame('tool calls wrong or doubled', `${JSON.stringify(calls)} for ${JSON.stringify(expected)}`)
}

function judgeEvents({ events, result, error, left }: Played, blame: Blame): void {
  const starts = events.filter(({ type }) => type === 'start').length
  const finishes = events.filter(({ type }) => type === 'finish').length
  if (starts > 1 || (starts === 0 && events.length > 0) || (events.length > 0 && events[0]?.type !== 'start'))
    blame('events out of order', events.map(({ type }) => type).join(' '))
  if (finishes > 1 || (finishes === 1 && events.at(-1)?.type !== 'finish'))
    blame('events out of order', `${finishes} finishes`)
  if (result !== undefined && !left) {
    if (finishes !== 1) blame('events out of order', 'a result without a finish')
    if (result.text !== textOf(events))
      blame('what was seen is not what is told', differing(result.text, textOf(events)))
    const resumed = events.filter(({ type }) => type === 'resumed').length
    if (resumed !== result.resumed)
      blame('what was seen is not what is told', `${resumed} resumed, ${result.resumed} told`)
    const calls = callsOf(events)
    if (JSON.stringify(calls) !== JSON.stringify(result.toolCalls))
      blame('what was seen is not what is told', 'tool calls')
  }
  // White space alone is not passed on before more comes; that it had come is told all the same.
  if (error?.partial !== undefined && error.partial.text.trimEnd() !== textOf(events).trimEnd())
    blame('what was seen is not what is told', `partial ${differing(error.partial.text, textOf(events))}`)
}

/** What came of an answer that failed is a beginning of what somebody said. */
function judgePartial({ request, events }: Played, seen: readonly Seen[], blame: Blame): void {
  const text = textOf(events)
  if (text === '' || request.kind !== 'text') return
  // What a model repeated, or wrote in place of an answer, is not the truth's beginning.
  if (seen.some(({ fault }) => fault === 'loop' || fault === 'whitespace')) return
  const said = targetsOf(request).map(({ family }) => trueText(family, request.topic))
  const handed = seen.flatMap(({ prefill, continuation }) =>
    prefill === undefined || continuation === undefined ? [] : [prefill + continuation],
  )
  if (![...said, ...handed].some((one) => one.startsWith(text) || squeezed(one).startsWith(squeezed(text))))
    blame(
      'a beginning that nobody said',
      `${JSON.stringify(text)} after ${seen.map(({ fault }) => fault).join(', ')}`,
    )
}

function judgeVectors({ request, vectors }: Played, blame: Blame): void {
  if (vectors === undefined) return
  const spec = targetsOf(request).find(({ id }) => id === vectors.provider)
  if (spec === undefined) return blame('vectors of another space or order', vectors.provider)
  if (vectors.space.model !== spec.space || (request.space !== undefined && request.space !== spec.space))
    blame('vectors of another space or order', embeddingSpaceId(vectors.space))
  const expected = request.texts.map((text) => trueVector(spec.space, text))
  if (JSON.stringify(expected) !== JSON.stringify(vectors.vectors))
    blame('vectors of another space or order', 'other numbers')
}

/** The text a caller has at the end who joins the pieces and discards when told to. */
export function textOf(events: readonly ChatStreamEvent[]): string {
  let text = ''
  for (const event of events) {
    if (event.type === 'text') text += event.text
    if (event.type === 'resumed' && event.discard) text = ''
  }
  return text
}

function callsOf(events: readonly ChatStreamEvent[]): readonly ToolCall[] {
  const calls = new Map<string, { id: string; name: string; arguments: string }>()
  for (const event of events) {
    if (event.type !== 'tool-call') continue
    const call = calls.get(event.id) ?? { id: event.id, name: '', arguments: '' }
    call.name ||= event.name ?? ''
    call.arguments += event.argumentsText
    calls.set(event.id, call)
  }
  return [...calls.values()]
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, '')
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function differing(text: string, expected: string): string {
  let at = 0
  while (at < text.length && text[at] === expected[at]) at += 1
  const show = (whole: string): string => JSON.stringify(whole.slice(Math.max(0, at - 20), at + 40))
  return `at ${at}: ${show(text)} for ${show(expected)}, ${text.length} for ${expected.length}`
}
