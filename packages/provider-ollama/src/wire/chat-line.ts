import { countOf, defined, listOf, objectOf, textOf } from './json.js'

/** A tool call as the server sends it: whole, arguments already parsed. */
export interface WireToolCall {
  readonly id?: string
  readonly name: string
  /** JSON text of the arguments object. */
  readonly argumentsText: string
}

/** One line of the answer of `POST /api/chat` (Ollama api/types.go, ChatResponse). */
export interface ChatLine {
  readonly model?: string
  readonly content?: string
  readonly thinking?: string
  readonly toolCalls: readonly WireToolCall[]
  readonly done: boolean
  /** `stop`, `length`, `load`, `unload`; absent when the model's process went away. */
  readonly doneReason?: string
  /** Counts of 0 are omitted by the server. */
  readonly promptTokens?: number
  readonly answerTokens?: number
}

/** Reads one line; undefined when it is not a chat line (an error line, something foreign). */
export function readChatLine(value: unknown): ChatLine | undefined {
  const line = objectOf(value)
  if (line === undefined || !('message' in line || 'done' in line)) return undefined
  const message = objectOf(line['message'])
  return defined({
    model: textOf(line['model']),
    content: textOf(message?.['content']),
    thinking: textOf(message?.['thinking']),
    toolCalls: listOf(message?.['tool_calls']).flatMap((call) => readToolCall(call) ?? []),
    done: line['done'] === true,
    doneReason: textOf(line['done_reason']),
    promptTokens: countOf(line['prompt_eval_count']),
    answerTokens: countOf(line['eval_count']),
  })
}

function readToolCall(value: unknown): WireToolCall | undefined {
  const call = objectOf(value)
  const called = objectOf(call?.['function'])
  const name = textOf(called?.['name'])
  if (name === undefined) return undefined
  const given = called?.['arguments'] ?? {}
  // An object on the wire; text in front of some proxies.
  const argumentsText = typeof given === 'string' ? given : JSON.stringify(given)
  return defined({ id: textOf(call?.['id']), name, argumentsText })
}
