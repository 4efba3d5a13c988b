import type { WireToolCall } from './tool.js'
import type { WireUsage } from './usage.js'

/** Why a choice ended (openai-openapi 2.3.0, finish_reason). */
export type WireFinishReason = 'stop' | 'length' | 'tool_calls' | 'content_filter'

/** A whole answer of `POST /chat/completions` as we write it (openai-openapi 2.3.0, CreateChatCompletionResponse). */
export interface WireChatAnswer {
  readonly id: string
  readonly object: 'chat.completion'
  /** Seconds since 1970. */
  readonly created: number
  readonly model: string
  readonly choices: readonly [
    {
      readonly index: 0
      readonly message: {
        readonly role: 'assistant'
        readonly content: string | null
        readonly refusal: null
        readonly reasoning_content?: string
        readonly tool_calls?: readonly WireToolCall[]
      }
      readonly logprobs: null
      readonly finish_reason: WireFinishReason
    },
  ]
  readonly usage: WireUsage
  readonly system_fingerprint: null
}
