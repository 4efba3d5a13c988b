import {
  type ChatEvent,
  type FinishEvent,
  type FinishReason,
  OpenMuxError,
  type Usage,
  type Warning,
} from '@openmux/core'
import { type ChatLine, readChatLine } from '../wire/chat-line.js'
import { defined } from '../wire/json.js'
import { createToolCallIds } from './tool-call-ids.js'

/** What the events of one answer are made with. */
export interface ChatEventSource {
  /** Lines as they come: parsed JSON. */
  readonly lines: AsyncIterable<unknown>
  /** As the caller named it, for errors. */
  readonly model: string
  /** The model that serves, where the lines do not say. */
  readonly servedBy: string
  readonly warnings: readonly Warning[]
  /** Told as usage when the server counts no prompt, because all of it was in its cache. */
  readonly estimatedPromptTokens: number
  /** The typed error for a line that is none of an answer: an error of the server, or something foreign. */
  readonly badLine: (line: unknown) => OpenMuxError
  /** Called with the last line, before it is passed on; throws when the answer must not count. */
  readonly checkEnd: (line: ChatLine) => void
}

/**
 * The lines of `POST /api/chat` as events. The last line is read like the others, because parsers of
 * the server may flush text, thinking or calls there. No last line, or one without a reason (the
 * model's process went away), is `truncated`.
 */
export async function* chatEvents(source: ChatEventSource): AsyncGenerator<ChatEvent> {
  const idFor = createToolCallIds()
  let started = false
  let called = false
  let finished = false
  for await (const value of source.lines) {
    // Whoever reads on after the finish lets the body come to its end, and the connection be used again.
    if (finished) continue
    const line = readChatLine(value)
    if (line === undefined) throw source.badLine(value)
    if (!started) yield { type: 'start', model: line.model ?? source.servedBy, warnings: source.warnings }
    started = true
    if (line.done) source.checkEnd(line)
    if (line.thinking !== undefined) yield { type: 'reasoning', text: line.thinking }
    if (line.content !== undefined) yield { type: 'text', text: line.content }
    for (const call of line.toolCalls) {
      called = true
      yield { type: 'tool-call', id: idFor(call.id), name: call.name, argumentsText: call.argumentsText }
    }
    if (!line.done) continue
    if (line.doneReason === undefined)
      throw cut(source.model, 'The server ended the answer without saying why')
    yield finish(line, called, source.estimatedPromptTokens)
    finished = true
  }
  if (finished) return
  throw cut(source.model, started ? 'The answer ended without its last line' : 'The server sent no answer')
}

function finish(line: ChatLine, called: boolean, estimate: number): FinishEvent {
  return {
    type: 'finish',
    // After tool calls the server still says `stop`.
    reason: called && line.doneReason === 'stop' ? 'tool-calls' : finishReason(line.doneReason),
    ...defined({ rawReason: line.doneReason, usage: usageOf(line, estimate) }),
  }
}

function finishReason(word: string | undefined): FinishReason {
  return word === 'stop' || word === 'length' ? word : 'other'
}

function usageOf({ promptTokens, answerTokens }: ChatLine, estimate: number): Usage | undefined {
  if (promptTokens === undefined && answerTokens === undefined) return undefined
  const outputTokens = answerTokens ?? 0
  return promptTokens === undefined
    ? { inputTokens: estimate, outputTokens, estimated: true }
    : { inputTokens: promptTokens, outputTokens }
}

function cut(model: string, what: string): OpenMuxError {
  return new OpenMuxError({ code: 'truncated', provider: 'ollama', model, message: `${what}.` })
}
