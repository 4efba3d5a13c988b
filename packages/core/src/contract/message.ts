/** A piece of text in a message. */
export interface TextPart {
  readonly type: 'text'
  readonly text: string
}

/** An image in a user message: bytes as base64 (no `data:` prefix) with their media type, or an address. */
export type ImagePart =
  | { readonly type: 'image'; readonly mediaType: string; readonly base64: string }
  | { readonly type: 'image'; readonly url: string }

/** A part of a user message. */
export type UserPart = TextPart | ImagePart

/** A call the model wants the caller to make. `arguments` is JSON text, exactly as generated. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** One turn of a conversation. */
export type Message =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly UserPart[] }
  | {
      readonly role: 'assistant'
      readonly content: string
      /** Thinking of an earlier answer; sent back only where the model expects it. */
      readonly reasoning?: string
      readonly toolCalls?: readonly ToolCall[]
    }
  | {
      readonly role: 'tool'
      /** The {@link ToolCall.id} this answers. */
      readonly toolCallId: string
      readonly toolName?: string
      readonly content: string
    }
