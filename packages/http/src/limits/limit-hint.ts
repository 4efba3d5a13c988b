import type { ResponseHeaders } from '../transport/response-headers.js'
import { clockSkew } from './clock-skew.js'
import { parseMoment, parseSpanMs } from './parse-moment.js'
import { readWindows, tightestWindow } from './windows.js'

/** What the headers of an answer say about limits. */
export interface LimitHint {
  /** When a request may be sent again or the window is renewed, ms since 1970; from now to 31 days ahead. */
  readonly until?: number
  /** Requests (or tokens) a window. */
  readonly limit?: number
  /** What is left of `limit` in the present window. */
  readonly remaining?: number
  /** The header the hint was taken from. */
  readonly source: string
}

/**
 * What the headers say about limits, or undefined when they say nothing. In the order of trust:
 *
 * 1. `Retry-After-Ms`, then `Retry-After` (seconds, fractions, a date): meant for exactly this answer;
 * 2. the window that is nearest to its end among `RateLimit`, `RateLimit-*`, `X-RateLimit-*` (with any suffix, as
 *    in `-requests` and `-tokens`) and `Anthropic-RateLimit-*`.
 *
 * `limit` and `remaining` come from the window also when `until` comes from `Retry-After`. Values that are
 * not understood, negative or past are ignored; moments beyond 31 days are brought down to that.
 * Sources: RFC 9110 10.2.3, draft-ietf-httpapi-ratelimit-headers 03 to 10, OpenAI, OpenRouter, Groq, Anthropic docs.
 */
export function limitHint(headers: ResponseHeaders, now: number): LimitHint | undefined {
  const skewMs = clockSkew(headers, now)
  const window = tightestWindow(readWindows(headers, now, skewMs))
  const counts = window === undefined ? {} : countsOf(window)
  const exact = headers['retry-after-ms']
  const untilExact = exact === undefined ? undefined : parseSpanMs(exact, now)
  if (untilExact !== undefined) return { until: untilExact, ...counts, source: 'retry-after-ms' }
  const after = headers['retry-after']
  const untilAfter = after === undefined ? undefined : parseMoment(after, now, skewMs)
  if (untilAfter !== undefined) return { until: untilAfter, ...counts, source: 'retry-after' }
  if (window === undefined) return undefined
  return { ...(window.until === undefined ? {} : { until: window.until }), ...counts, source: window.source }
}

function countsOf(window: { limit?: number; remaining?: number }): { limit?: number; remaining?: number } {
  return {
    ...(window.limit === undefined ? {} : { limit: window.limit }),
    ...(window.remaining === undefined ? {} : { remaining: window.remaining }),
  }
}
