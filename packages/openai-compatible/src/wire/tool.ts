import type { JsonSchema } from '@openmux/core'

/** A tool definition (openai-openapi 2.3.0, ChatCompletionTool). */
export interface WireTool {
  readonly type: 'function'
  readonly function: { readonly name: string; readonly description?: string; readonly parameters: JsonSchema }
}

/** A whole tool call (openai-openapi 2.3.0, ChatCompletionMessageToolCall). `arguments` is JSON text. */
export interface WireToolCall {
  readonly id: string
  readonly type: 'function'
  readonly function: { readonly name: string; readonly arguments: string }
}

/** `tool_choice`. `any` is Mistral's word for `required`. */
export type WireToolChoice =
  | 'auto'
  | 'none'
  | 'required'
  | 'any'
  | { readonly type: 'function'; readonly function: { readonly name: string } }
