import { MAX_WAIT_MS } from './parse-moment.js'

const RETRY =
  /(?:try again|retry|available again|resets?) (?:in|after)\s+(?:about |~)?((?:\d+(?:\.\d+)?\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?)\b\s*|\d+(?:\.\d+)?(?:ms|[dhms])(?=\d)){1,4})/i
const PART = /(\d+(?:\.\d+)?)\s*(ms|milli|s|m|h|d)/gi
const MS: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/**
 * The moment a message names in words, ms since 1970: "Please try again in 7m12s" (OpenAI, Groq), "Please retry in
 * 24.5s" (Gemini), "Retry after 40 seconds" (OpenRouter). At most 31 days ahead. Undefined: it names none.
 */
export function retryMomentInWords(message: string, now: number): number | undefined {
  const span = RETRY.exec(message.slice(0, 2_000))?.[1]
  if (span === undefined) return undefined
  let total = 0
  for (const [, amount, unit] of span.matchAll(PART))
    total += Number(amount) * (MS[(unit ?? '').toLowerCase()] ?? 0)
  return now + Math.min(total, MAX_WAIT_MS)
}
