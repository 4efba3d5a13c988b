import type { JsonSchema } from '@openmux/core'
import type { JsonObject } from '@openmux/http'
import type { WireMessage } from './message.js'
import type { WireTool, WireToolChoice } from './tool.js'

/** `response_format` in the forms that servers take (openai-openapi 2.3.0; the last one: llama.cpp, Together). */
export type WireResponseFormat =
  | { readonly type: 'text' }
  | { readonly type: 'json_object'; readonly schema?: JsonSchema }
  | {
      readonly type: 'json_schema'
      readonly json_schema: { readonly name: string; readonly strict?: boolean; readonly schema: JsonSchema }
    }

/**
 * The body of `POST /chat/completions` as we write it (openai-openapi 2.3.0, CreateChatCompletionRequest).
 * Members of a vendor's own are added beside these.
 */
export interface ChatBody extends JsonObject {
  /** First in the text: some routers read no further before they choose a back end. */
  readonly model: string
  readonly messages: readonly WireMessage[]
  readonly stream: boolean
  readonly stream_options?: { readonly include_usage: boolean }
  readonly tools?: readonly WireTool[]
  readonly tool_choice?: WireToolChoice
  readonly response_format?: WireResponseFormat
  readonly temperature?: number
  readonly top_p?: number
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly stop?: readonly string[]
  readonly seed?: number
  readonly reasoning_effort?: string
}
