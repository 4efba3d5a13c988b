import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  type Clock,
  isOpenMuxError,
  type OpenMuxError,
  systemClock,
} from '@openmux/core'
import { type Answer, summarize } from '@openmux/testkit'

export const KEY = 'sk-or-v1-canary4711abcdefghijklmnop'
export const MODEL = 'google/gemma-4-31b-it:free'
export const EMBED_MODEL = 'double/tiny-embed:free'

export function callContext(changes: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, clock: systemClock, ...changes }
}

/** The real timers at another moment. */
export function clockAt(now: number): Clock {
  return { now: () => now, after: systemClock.after }
}

export function hello(changes: Partial<ChatRequest> = {}): ChatRequest {
  return { model: MODEL, messages: [{ role: 'user', content: 'Say hello.' }], ...changes }
}

/** The events before the end or the failure, and the failure. */
export interface Outcome {
  readonly events: readonly ChatEvent[]
  readonly answer: Answer
  readonly error?: OpenMuxError
}

export async function outcomeOf(events: AsyncIterable<ChatEvent>): Promise<Outcome> {
  const seen: ChatEvent[] = []
  try {
    for await (const event of events) seen.push(event)
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    return { events: seen, answer: summarize(seen), error }
  }
  return { events: seen, answer: summarize(seen) }
}

export async function failureOf(work: () => unknown): Promise<OpenMuxError> {
  try {
    await work()
  } catch (error) {
    if (isOpenMuxError(error)) return error
    throw error
  }
  throw new Error('it did not fail')
}
