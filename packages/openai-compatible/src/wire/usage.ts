/** Counted tokens (openai-openapi 2.3.0, CompletionUsage). `cost` in USD is OpenRouter's. */
export interface WireUsage {
  readonly prompt_tokens: number
  readonly completion_tokens: number
  readonly total_tokens: number
  readonly prompt_tokens_details?: { readonly cached_tokens: number }
  readonly completion_tokens_details?: { readonly reasoning_tokens: number }
  readonly cost?: number
}
