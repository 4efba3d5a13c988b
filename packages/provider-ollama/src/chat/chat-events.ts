import {
  type ChatEvent,
  type FinishEvent,
  type FinishReason,
  OpenMuxError,
  type Usage,
  type Warning,
} from '@openmux/core'
import { defined } from '@openmux/http'
import { type ChatLine, readChatLine } from '../wire/chat-line.js'
import { createToolCallIds } from './tool-call-ids.js'

/** What the events of one answer are made with. */
export interface ChatEventSource {
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
 * Turns the lines of `POST /api/chat` into events. The last line is read like the others, because parsers of
 * the server may flush text, thinking or calls there. No last line, or one without a reason (the
 * model's process went away), is `truncated`. No generator of its own: it stands in the way of every token.
 */
export class ChatEventReader {
  readonly #source: ChatEventSource
  readonly #idFor = createToolCallIds()
  #started = false
  #called = false
  #finished = false
  #endedWithoutReason = false

  constructor(source: ChatEventSource) {
    this.#source = source
  }

  /** The events of one line. Lines after the last one give none. */
  read(value: unknown): readonly ChatEvent[] {
    if (this.#finished) return NOTHING
    const source = this.#source
    const line = readChatLine(value)
    if (line === undefined) throw source.badLine(value)
    const events: ChatEvent[] = []
    if (!this.#started)
      events.push({ type: 'start', model: line.model ?? source.servedBy, warnings: source.warnings })
    this.#started = true
    if (line.done) source.checkEnd(line)
    if (line.thinking !== undefined) events.push({ type: 'reasoning', text: line.thinking })
    if (line.content !== undefined) events.push({ type: 'text', text: line.content })
    for (const { id, name, argumentsText } of line.toolCalls) {
      this.#called = true
      events.push({ type: 'tool-call', id: this.#idFor(id), name, argumentsText })
    }
    if (line.done && line.doneReason !== undefined) {
      events.push(finish(line, this.#called, source.estimatedPromptTokens))
      this.#finished = true
    } else if (line.done) this.#endedWithoutReason = true
    return events
  }

  /** Why the answer is not whole, once no more lines come. */
  cut(): OpenMuxError | undefined {
    if (this.#finished) return undefined
    const what = this.#endedWithoutReason
      ? 'The server ended the answer without saying why'
      : this.#started
        ? 'The answer ended without its last line'
        : 'The server sent no answer'
    return cut(this.#source.model, what)
  }
}

const NOTHING: readonly ChatEvent[] = []

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
