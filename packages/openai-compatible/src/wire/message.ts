import type { WireToolCall } from './tool.js'

/** A part of a user message (openai-openapi 2.3.0, ChatCompletionRequestMessageContentPart…). */
export type WireUserPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'image_url'; readonly image_url: { readonly url: string } }

/** A message as we write it (openai-openapi 2.3.0, ChatCompletionRequestMessage). */
export type WireMessage =
  | { readonly role: 'system' | 'developer'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly WireUserPart[] }
  | {
      readonly role: 'assistant'
      /** `null` when there are only calls. */
      readonly content: string | null
      readonly tool_calls?: readonly WireToolCall[]
      readonly reasoning_content?: string
      readonly reasoning?: string
    }
  | { readonly role: 'tool'; readonly tool_call_id: string; readonly content: string }
