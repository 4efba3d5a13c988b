import type { ChatEvent, FinishEvent, StartEvent, Usage, Warning } from '@openmux/core'
import { defined, type JsonObject, listOf, objectOf, textOf } from '@openmux/http'
import type { AnswerMetadata } from './answer-metadata.js'
import { readDeltaText } from './delta-text.js'
import { isBrokenEnd, readFinishReason } from './finish-reason.js'
import { isError } from './in-band-error.js'
import { ToolCallReader } from './tool-call-reader.js'
import { readUsage } from './usage.js'
import { WholeCharacters } from './whole-characters.js'

/** What the events of one answer are made with. */
export interface ChunkReaderOptions {
  /** Named on `start` when the chunks name none. */
  readonly model: string
  readonly warnings: readonly Warning[]
  /** Makes ids for tool calls without one; never the same twice. */
  readonly newId: () => string
  /** `false`: thinking is dropped, for a provider that does not declare it. */
  readonly reasoning: boolean
  /** `false`: the ids of answers are not unique and are not told. */
  readonly uniqueIds: boolean
  /** What the vendor says beside the first chunk. */
  readonly metadata?: (chunk: JsonObject) => AnswerMetadata | undefined
}

/** Events of one chunk. The answer broke after them when there is more: the choice with its `error`, or a finish reason that says so. */
export interface ReadChunk {
  readonly events: readonly ChatEvent[]
  readonly error?: JsonObject
  readonly brokenEnd?: string
}

/**
 * Turns the chunks of one answer into events; pure but for `newId`. Only the first choice is read. `finish` is held
 * back until {@link ChunkReader.end}, because the usage comes after it.
 */
export class ChunkReader {
  readonly #options: ChunkReaderOptions
  readonly #calls: ToolCallReader
  readonly #text = new WholeCharacters()
  readonly #reasoning = new WholeCharacters()
  #started = false
  #refused = false
  #finish: string | undefined
  #usage: Usage | undefined
  #usageIsFinal = false

  constructor(options: ChunkReaderOptions) {
    this.#options = options
    this.#calls = new ToolCallReader(options.newId)
  }

  /** Whether a finish reason has come: the answer is whole. */
  get finished(): boolean {
    return this.#finish !== undefined
  }

  /** Whether the usage has come with or after the finish reason: nothing more is to be expected. */
  get complete(): boolean {
    return this.finished && this.#usageIsFinal
  }

  /** Whether any chunk has come. */
  get started(): boolean {
    return this.#started
  }

  read(chunk: JsonObject): ReadChunk {
    const events: ChatEvent[] = []
    if (!this.#started) events.push(this.#start(chunk))
    const choice = firstChoice(chunk)
    if (choice !== undefined) {
      this.#readDelta(choice, events)
      const word = textOf(choice['finish_reason'])
      if (choice['error'] !== undefined && isError(choice['error'])) return { events, error: choice }
      if (word !== undefined && isBrokenEnd(word)) return { events, brokenEnd: word }
      // The first counts: OpenRouter repeats it in the chunk that carries the usage.
      this.#finish ??= word
    }
    const usage = readUsage(chunk['usage'])
    if (usage !== undefined) {
      this.#usage = usage
      this.#usageIsFinal = this.finished
    }
    return { events }
  }

  /** The same for a chunk that is known to hold nothing but `text`; its event goes to `events`. */
  readText(text: string, events: ChatEvent[]): void {
    push(events, 'text', this.#text.push(text))
  }

  /** The end of a whole answer. Call it only when `finished`; undefined when a tool call has no name. */
  end(): readonly ChatEvent[] | undefined {
    if (this.#calls.hasNameless) return undefined
    const rawReason = this.#finish ?? ''
    const meant = readFinishReason(rawReason, this.#calls.count)
    const reason = this.#refused && meant === 'stop' ? 'content-filter' : meant
    const events: ChatEvent[] = []
    push(events, 'reasoning', this.#reasoning.end())
    push(events, 'text', this.#text.end())
    const finish: FinishEvent = { type: 'finish', reason, rawReason, ...defined({ usage: this.#usage }) }
    return [...events, ...this.#calls.end(reason === 'length' || reason === 'content-filter'), finish]
  }

  #start(chunk: JsonObject): StartEvent {
    this.#started = true
    const { model, warnings, uniqueIds, metadata } = this.#options
    const told = metadata?.(chunk)
    const notices = (told?.notices ?? []).map((message): Warning => ({ kind: 'notice', message }))
    const responseId = told?.responseId ?? (uniqueIds ? textOf(chunk['id']) : undefined)
    return {
      type: 'start',
      model: told?.model ?? textOf(chunk['model']) ?? model,
      ...defined({ servedBy: told?.servedBy, responseId }),
      warnings: [...warnings, ...notices],
    }
  }

  #readDelta(choice: JsonObject, events: ChatEvent[]): void {
    const delta = objectOf(choice['delta']) ?? objectOf(choice['message'])
    if (delta === undefined) return
    const { text, reasoning, refused } = readDeltaText(delta)
    if (refused) this.#refused = true
    if (this.#options.reasoning && reasoning !== '')
      push(events, 'reasoning', this.#reasoning.push(reasoning))
    if (text !== '') push(events, 'text', this.#text.push(text))
    if (delta['tool_calls'] !== undefined) events.push(...this.#calls.read(delta['tool_calls']))
    // The form before tools: one call, without an id.
    const legacy = objectOf(delta['function_call'])
    if (legacy !== undefined) events.push(...this.#calls.read([{ index: 0, function: legacy }]))
  }
}

function firstChoice(chunk: JsonObject): JsonObject | undefined {
  let unnumbered: JsonObject | undefined
  for (const value of listOf(chunk['choices'])) {
    const choice = objectOf(value)
    if (choice === undefined) continue
    if (choice['index'] === 0) return choice
    if (typeof choice['index'] !== 'number') unnumbered ??= choice
  }
  return unnumbered
}

function push(events: ChatEvent[], type: 'text' | 'reasoning', text: string): void {
  if (text !== '') events.push({ type, text })
}
