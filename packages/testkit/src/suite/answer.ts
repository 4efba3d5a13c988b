import type { ChatEvent, FinishEvent, StartEvent, ToolCall, Warning } from '@openmux/core'

/** The events of an answer, summed up. */
export interface Answer {
  readonly events: readonly ChatEvent[]
  readonly text: string
  readonly reasoning: string
  readonly toolCalls: readonly ToolCall[]
  readonly warnings: readonly Warning[]
  readonly start?: StartEvent
  /** Absent when the stream ended without one. */
  readonly finish?: FinishEvent
}

/** Sums up events, whole or not. */
export function summarize(events: readonly ChatEvent[]): Answer {
  const joined = { text: '', reasoning: '' }
  const calls = new Map<string, { id: string; name: string; arguments: string }>()
  let start: StartEvent | undefined
  let finish: FinishEvent | undefined
  for (const event of events) {
    if (event.type === 'start') start ??= event
    else if (event.type === 'finish') finish ??= event
    else if (event.type === 'tool-call') {
      const call = calls.get(event.id) ?? { id: event.id, name: '', arguments: '' }
      calls.set(event.id, {
        ...call,
        name: call.name || (event.name ?? ''),
        arguments: call.arguments + event.argumentsText,
      })
    } else joined[event.type] += event.text
  }
  return {
    events,
    ...joined,
    toolCalls: [...calls.values()],
    warnings: start?.warnings ?? [],
    ...(start === undefined ? {} : { start }),
    ...(finish === undefined ? {} : { finish }),
  }
}

/** Reads a stream to its end and sums it up; what the stream throws is thrown. */
export async function collect(events: AsyncIterable<ChatEvent>): Promise<Answer> {
  const all: ChatEvent[] = []
  for await (const event of events) all.push(event)
  return summarize(all)
}
