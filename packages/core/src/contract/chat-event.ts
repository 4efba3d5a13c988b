import type { FinishReason } from './finish-reason.js'
import type { Usage } from './usage.js'
import type { Warning } from './warning.js'

/** First event of every answer: who is answering. */
export interface StartEvent {
  readonly type: 'start'
  /** The model that really serves, as the back end names it. */
  readonly model: string
  /** Who computes the answer, where the back end passes requests on to others. */
  readonly servedBy?: string
  /** The back end's id of this answer, for its support. */
  readonly responseId?: string
  readonly warnings: readonly Warning[]
}

/** A piece of the answer. Never empty. */
export interface TextEvent {
  readonly type: 'text'
  readonly text: string
}

/** A piece of the model's thinking. Never empty, never part of the answer. */
export interface ReasoningEvent {
  readonly type: 'reasoning'
  readonly text: string
}

/**
 * A piece of a tool call. The first piece of a call carries `name`; pieces with the same `id`
 * belong together and their `argumentsText` join to one JSON text.
 */
export interface ToolCallEvent {
  readonly type: 'tool-call'
  readonly id: string
  readonly name?: string
  readonly argumentsText: string
}

/** Last event of every whole answer. A stream that ends without it was cut. */
export interface FinishEvent {
  readonly type: 'finish'
  readonly reason: FinishReason
  /** The vendor's own word. */
  readonly rawReason?: string
  readonly usage?: Usage
}

/**
 * What a provider's `chat` yields, in this order: one `start`, any number of `text`, `reasoning`
 * and `tool-call`, one `finish`. Errors are thrown, never yielded.
 */
export type ChatEvent = StartEvent | TextEvent | ReasoningEvent | ToolCallEvent | FinishEvent
