import type { WireFinishReason } from './chat-answer.js'
import type { WireUsage } from './usage.js'

/** A piece of a tool call: the first of a call has id, type and name, the others only arguments. */
export interface WireToolCallDelta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string; readonly arguments: string }
}

/** What a chunk adds to the answer. */
export interface WireDelta {
  readonly role?: 'assistant'
  readonly content?: string
  readonly reasoning_content?: string
  readonly tool_calls?: readonly WireToolCallDelta[]
}

/** One chunk of a stream as we write it (openai-openapi 2.3.0, CreateChatCompletionStreamResponse). */
export interface WireChatChunk {
  readonly id: string
  readonly object: 'chat.completion.chunk'
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
  /** Empty in the chunk that carries the usage. */
  readonly choices: readonly {
    readonly index: 0
    readonly delta: WireDelta
    readonly logprobs: null
    readonly finish_reason: WireFinishReason | null
  }[]
  /** `null` in every other chunk when usage was asked for. */
  readonly usage?: WireUsage | null
}
