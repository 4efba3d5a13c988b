import { MAX_WAIT_MS } from './parse-moment.js'

const AMOUNT =
  '((?:\\d+(?:\\.\\d+)?\\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?)\\b[\\s,]*(?:and\\s+)?|\\d+(?:\\.\\d+)?(?:ms|[dhms])(?=\\d)){1,4})'
const DELAY = new RegExp(
  `(?:(?:try again|retry|retrying|available again|resets?|refresh(?:es)?|come back) (?:in|after)|wait(?: for)?)\\s+(?:about |at least |another |approximately |~)?${AMOUNT}`,
  'i',
)
const PART = /(\d+(?:\.\d+)?)\s*(ms|milli|s|m|h|d)/gi
const MS: Readonly<Record<string, number>> = {
  ms: 1,
  milli: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}

/** Characters of a text that are searched. */
const SEARCHED = 2_000

/**
 * The time to wait that a message names in words, ms, from 0 to 31 days: "Please try again in 7m12.5s" (OpenAI, Groq),
 * "Please retry in 24.5s" (Gemini), "Retry after 40 seconds" (OpenRouter, Azure), "Please wait 10 hours 58 minutes
 * before trying again" (GitHub). Undefined: it names none. Only the first 2,000 characters are read.
 */
export function delayFromText(text: string): number | undefined {
  const span = DELAY.exec(text.slice(0, SEARCHED))?.[1]
  if (span === undefined) return undefined
  let total = 0
  for (const [, amount, unit] of span.matchAll(PART))
    total += Number(amount) * (MS[(unit ?? '').toLowerCase()] ?? 0)
  return Math.min(total, MAX_WAIT_MS)
}
