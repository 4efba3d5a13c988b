/** What versions of the server do differently, as far as a client can see. */
export interface VersionTraits {
  /** `show` tells capabilities: 0.6.4 on [uncertain: release notes]. */
  readonly tellsCapabilities: boolean
  /** `/api/embed`: 0.3.4 on [uncertain: release notes]. */
  readonly hasEmbed: boolean
  /** `/api/ps` tells the window: 0.9 on [uncertain]. */
  readonly tellsRunningContext: boolean
  /** Tool calls have ids: 0.12 on [uncertain]. */
  readonly givesToolCallIds: boolean
  /** Chat knows `truncate` and `shift`: 0.12.5 on [uncertain]; 0.24 [verified: server/routes.go]. */
  readonly knowsTruncate: boolean
  /** `tags` tells capabilities, window and vector length [verified: ollama/ollama 2026-08-21 api/types.go]. */
  readonly richTags: boolean
  /** The words for a prompt that is too long. */
  readonly tooLong: string
}

/** Traits of a version, `0.24.0`. */
export function versionTraits(version: string): VersionTraits {
  const since = (other: string): boolean => compare(version, other) >= 0
  return {
    tellsCapabilities: since('0.6.4'),
    hasEmbed: since('0.3.4'),
    tellsRunningContext: since('0.9.0'),
    givesToolCallIds: since('0.12.0'),
    knowsTruncate: since('0.12.5'),
    richTags: since('0.30.0'),
    tooLong: since('0.30.0')
      ? // The beginning is from ollama/ollama 2026-08-21 runner/ollamarunner; what follows the semicolon there is cut off [uncertain].
        'the prompt is longer than the context length currently available to the model; increase the context length or shorten the prompt'
      : // runner/ollamarunner/runner.go, errorInputTooLong [verified, v0.24.0]
        'the input length exceeds the context length',
  }
}

function compare(one: string, other: string): number {
  const parts = (version: string): number[] =>
    version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0)
  const [a, b] = [parts(one), parts(other)]
  for (const place of [0, 1, 2]) {
    const difference = (a[place] ?? 0) - (b[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
