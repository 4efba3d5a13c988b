/** No limit we believe in lies further away: 31 days, the longest window any upstream states. */
export const MAX_WAIT_MS = 31 * 24 * 3_600_000

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
}

/** Numbers from here on are moments, not spans: 2001 in seconds. As a span it would be 31 years. */
const EPOCH_SECONDS_FROM = 1e9
/** Numbers from here on are moments in milliseconds: 1973; in seconds they would lie in the year 5138. */
const EPOCH_MS_FROM = 1e11

/**
 * A moment from a header value, ms since 1970, told apart by shape and magnitude:
 * `3`, `0.5` (seconds from now), `20ms`, `6m0s`, `1h` (a span), `1786912200` (epoch seconds),
 * `1786912200000` (epoch ms), an HTTP date or an RFC 3339 date.
 *
 * A span above 31 days counts as 31 days, and so does a moment further away. Undefined: not understood, negative,
 * or a moment that has passed.
 * @param skewMs what the server's clock is behind ours; added to moments, not to spans.
 */
export function parseMoment(value: string, now: number, skewMs = 0): number | undefined {
  const text = value.trim()
  if (text === '') return undefined
  if (/^\d+(?:\.\d*)?$|^\.\d+$/.test(text)) return fromNumber(Number(text), now, skewMs)
  const span = parseSpan(text)
  if (span !== undefined) return now + Math.min(span, MAX_WAIT_MS)
  // Every date has a letter or a dash inside; Date.parse would read "-5" or "1.2.3" as some year.
  if (!/^[A-Za-z]{3,9}[ ,]|^\d{4}-\d{2}-\d{2}[Tt ]/.test(text)) return undefined
  // The oldest form of an HTTP date means GMT without saying so (RFC 9110 5.6.7).
  const isAsctime = /^[A-Za-z]{3} [A-Za-z]{3} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/.test(text)
  return fromMoment(Date.parse(isAsctime ? `${text} GMT` : text), now, skewMs)
}

/** A span of milliseconds as a header gives it (`retry-after-ms`), as a moment. */
export function parseSpanMs(value: string, now: number): number | undefined {
  const text = value.trim()
  return /^\d+(?:\.\d*)?$/.test(text) ? now + Math.min(Number(text), MAX_WAIT_MS) : undefined
}

function fromNumber(number: number, now: number, skewMs: number): number | undefined {
  if (number >= EPOCH_MS_FROM) return fromMoment(number, now, skewMs)
  if (number >= EPOCH_SECONDS_FROM) return fromMoment(number * 1_000, now, skewMs)
  return now + Math.min(number * 1_000, MAX_WAIT_MS)
}

function fromMoment(moment: number, now: number, skewMs: number): number | undefined {
  const ours = moment + skewMs
  // NaN fails the comparison too.
  return ours >= now ? Math.min(ours, now + MAX_WAIT_MS) : undefined
}

/** `1h2m3s`, `6m0s`, `20ms`, `7.66s` (OpenAI and Groq write their resets so), in ms. */
export function parseSpan(text: string): number | undefined {
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[dhms]))+$/.test(text)) return undefined
  let total = 0
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)) {
    total += Number(amount) * (MS_PER_UNIT[unit ?? ''] ?? Number.NaN)
  }
  return Number.isFinite(total) ? total : undefined
}
