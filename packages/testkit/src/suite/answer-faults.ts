import type { ChatEvent, FinishEvent, StartEvent, ToolCallEvent, Usage, Warning } from '@openmux/core'
import { show } from './violation.js'

const FINISH_REASONS: readonly string[] = ['stop', 'length', 'tool-calls', 'content-filter', 'other']
const WARNING_KINDS: readonly string[] = ['ignored-option', 'adjusted-option', 'notice']

/**
 * What is wrong with the events of one whole answer: one `start`, pieces that are never empty, one
 * `finish`, nothing after it; calls whose pieces join to JSON; numbers that can be. Empty: nothing.
 */
export function answerFaults(events: readonly ChatEvent[]): string[] {
  const faults: string[] = []
  const [first] = events
  if (first === undefined) return ['the stream ended without any event']
  if (first.type !== 'start') faults.push(`the first event must be \`start\`, it was ${show(first)}`)
  const finishAt = events.findIndex((event) => event.type === 'finish')
  if (finishAt === -1) {
    faults.push(
      'the stream ended without `finish`: a cut must be thrown as `truncated`, a whole answer must finish',
    )
  } else if (finishAt < events.length - 1) {
    faults.push(`nothing may follow \`finish\`, but there came ${show(events[finishAt + 1])}`)
  }
  for (const [index, event] of events.entries()) {
    if (event.type === 'start' && index > 0)
      faults.push(`\`start\` may come only once, it came again as event ${index}`)
    faults.push(...eventFaults(event))
  }
  faults.push(...toolCallFaults(events))
  return faults
}

function eventFaults(event: ChatEvent): string[] {
  switch (event.type) {
    case 'start':
      return startFaults(event)
    case 'text':
    case 'reasoning':
      return pieceFaults(event.type, event.text)
    case 'tool-call':
      return event.id === '' ? ['a `tool-call` has an empty id'] : []
    case 'finish':
      return finishFaults(event)
    default:
      return [`unknown event ${show(event)}`]
  }
}

function startFaults(event: StartEvent): string[] {
  const faults: string[] = []
  if (typeof event.model !== 'string' || event.model === '')
    faults.push('`start.model` must name the model that serves')
  if (!Array.isArray(event.warnings))
    return [...faults, '`start.warnings` must be an array, empty when there are none']
  return [...faults, ...event.warnings.flatMap(warningFaults)]
}

function warningFaults(warning: Warning): string[] {
  if (!WARNING_KINDS.includes(warning.kind)) return [`unknown warning kind in ${show(warning)}`]
  if (warning.message === '') return ['a warning has an empty message']
  if (warning.kind !== 'notice' && !warning.option)
    return [`the warning ${show(warning)} must name its \`option\``]
  return []
}

function pieceFaults(type: string, text: string): string[] {
  if (typeof text !== 'string') return [`a \`${type}\` event has no text: ${show(text)}`]
  if (text === '') return [`a \`${type}\` event is empty: leave out pieces without text`]
  if (!text.isWellFormed())
    return [`a \`${type}\` event holds half a character: ${show(text)}; join the pieces first`]
  return []
}

function finishFaults(event: FinishEvent): string[] {
  const faults = FINISH_REASONS.includes(event.reason) ? [] : [`unknown finish reason ${show(event.reason)}`]
  return event.usage === undefined ? faults : [...faults, ...usageFaults(event.usage)]
}

/** What is wrong with counted tokens. */
export function usageFaults(usage: Usage): string[] {
  const counts = {
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
    reasoningTokens: usage.reasoningTokens ?? 0,
    cachedInputTokens: usage.cachedInputTokens ?? 0,
  }
  const faults = Object.entries(counts)
    .filter(([, count]) => !Number.isInteger(count) || count < 0)
    .map(([name, count]) => `usage.${name} must be a whole number of tokens, it is ${show(count)}`)
  if (counts.reasoningTokens > counts.outputTokens)
    faults.push('usage.reasoningTokens is part of outputTokens, yet larger')
  if (counts.cachedInputTokens > counts.inputTokens)
    faults.push('usage.cachedInputTokens is part of inputTokens, yet larger')
  const cost = usage.costUsd ?? 0
  if (!Number.isFinite(cost) || cost < 0)
    faults.push(`usage.costUsd must be an amount of money, it is ${show(cost)}`)
  return faults
}

function toolCallFaults(events: readonly ChatEvent[]): string[] {
  const faults: string[] = []
  const finish = events.find((event) => event.type === 'finish')
  const pieces = Map.groupBy(
    events.filter((event): event is ToolCallEvent => event.type === 'tool-call'),
    (piece) => piece.id,
  )
  for (const [id, [first, ...rest]] of pieces) {
    if (!first?.name) faults.push(`the first piece of tool call ${show(id)} must carry the tool's name`)
    const text = [first, ...rest].map((piece) => piece?.argumentsText ?? '').join('')
    // A call that ran into the token limit cannot be whole.
    if (finish?.reason !== 'length' && !isJsonObject(text)) {
      faults.push(
        `the pieces of tool call ${show(id)} must join to a JSON object, they join to ${show(text)}`,
      )
    }
  }
  if (pieces.size > 0 && finish?.reason === 'stop') {
    faults.push(
      'an answer with tool calls must finish with `tool-calls`, or nobody will run them; it said `stop`',
    )
  }
  if (pieces.size === 0 && finish?.reason === 'tool-calls') {
    faults.push('the answer finished with `tool-calls` but held no call')
  }
  return faults
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}
