/** Tokens counted for one call. `estimated` marks numbers the back end did not report itself. */
export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  /** Part of `outputTokens` spent on thinking, where told. */
  readonly reasoningTokens?: number
  /** Part of `inputTokens` served from a cache, where told. */
  readonly cachedInputTokens?: number
  readonly estimated?: boolean
  /** Cost in USD, where told. */
  readonly costUsd?: number
}
