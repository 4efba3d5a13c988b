import {
  type CallContext,
  type ChatEvent,
  type ChatRequest,
  type EmbedResponse,
  isOpenMuxError,
  type OpenMuxError,
  type Provider,
  systemClock,
} from '@openmux/core'
import { type Answer, summarize } from '@openmux/testkit'

/** A token nobody has; it must not be seen in any error, log or JSON. */
export const TOKEN = 'hf_canaryCANARYcanary4711canary'

export const CHAT_MODEL = 'openai/gpt-oss-120b'
export const EMBED_MODEL = 'sentence-transformers/all-MiniLM-L6-v2'

export function callContext(changes: Partial<CallContext> = {}): CallContext {
  return { signal: new AbortController().signal, clock: systemClock, ...changes }
}

export function hello(changes: Partial<ChatRequest> = {}): ChatRequest {
  return { model: CHAT_MODEL, messages: [{ role: 'user', content: 'Say hello.' }], ...changes }
}

export async function ask(
  provider: Provider,
  changes: Partial<ChatRequest> = {},
  context: CallContext = callContext(),
): Promise<Answer> {
  const events: ChatEvent[] = []
  if (provider.chat === undefined) throw new Error('the provider has no chat')
  for await (const event of provider.chat(hello(changes), context)) events.push(event)
  return summarize(events)
}

export function embedding(
  provider: Provider,
  inputs: readonly string[] = ['The sea is wide.', 'A cat sleeps.'],
  model: string = EMBED_MODEL,
  context: CallContext = callContext(),
): Promise<EmbedResponse> {
  if (provider.embed === undefined) throw new Error('the provider has no embed')
  return provider.embed({ model, inputs }, context)
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
