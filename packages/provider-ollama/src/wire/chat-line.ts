import { defined, type JsonObject, listOf, objectOf, positiveOf, textOf } from '@openmux/http'

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
  // Member by member: this is made for every token.
  const read: Mutable<ChatLine> = { done: line['done'] === true, toolCalls: NO_CALLS }
  const calls = message?.['tool_calls']
  if (calls !== undefined) read.toolCalls = listOf(calls).flatMap((call) => readToolCall(call) ?? [])
  const model = textOf(line['model'])
  if (model !== undefined) read.model = model
  const content = textOf(message?.['content'])
  if (content !== undefined) read.content = content
  const thinking = textOf(message?.['thinking'])
  if (thinking !== undefined) read.thinking = thinking
  return read.done ? { ...read, ...readEnd(line) } : read
}

const NO_CALLS: readonly WireToolCall[] = []

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** What only the last line has. */
function readEnd(line: JsonObject): Pick<ChatLine, 'doneReason' | 'promptTokens' | 'answerTokens'> {
  return defined({
    doneReason: textOf(line['done_reason']),
    promptTokens: positiveOf(line['prompt_eval_count']),
    answerTokens: positiveOf(line['eval_count']),
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
