import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  isOpenMuxError,
  type OpenMuxError,
  type Provider,
  systemClock,
} from '@openmux/core'
import { type Answer, summarize } from '@openmux/testkit'

export const KEY = 'sk-canary-4711-abcdefghijklmnop'

export function callContext(changes: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, clock: systemClock, ...changes }
}

export function hello(changes: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'double-chat', messages: [{ role: 'user', content: 'Say hello.' }], ...changes }
}

/** The events before the end or the failure, and the failure. */
export interface Outcome {
  readonly answer: Answer
  readonly error?: OpenMuxError
}

export async function outcomeOf(events: AsyncIterable<ChatEvent> | Iterable<ChatEvent>): Promise<Outcome> {
  const seen: ChatEvent[] = []
  try {
    for await (const event of events) seen.push(event)
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    return { answer: summarize(seen), error }
  }
  return { answer: summarize(seen) }
}

export function chatOf(
  provider: Provider,
  request: ChatRequest,
  context = callContext(),
): AsyncIterable<ChatEvent> {
  if (provider.chat === undefined) throw new Error('the provider has no chat')
  return provider.chat(request, context)
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
