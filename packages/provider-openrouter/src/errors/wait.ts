import { limitHint, numberOf } from '@openmux/http'
import type { SaidError } from './read-error.js'

const DAY_MS = 86_400_000

/**
 * When the same call may work again, ms since 1970: by `availability.retry_after` (seconds), `metadata.retry_after`,
 * or the headers, wherever they are: `Retry-After` in seconds, `X-RateLimit-Reset` in epoch milliseconds.
 */
export function toldWait({ details, metadata, headers }: SaidError, now: number): number | undefined {
  const seconds =
    numberOf(details['retry_after']) ??
    numberOf(metadata['retry_after']) ??
    numberOf(metadata['retry_after_seconds'])
  if (seconds !== undefined && seconds >= 0) return now + Math.min(seconds * 1_000, 31 * DAY_MS)
  return limitHint(headers, now)?.until
}

/** The next 00:00 UTC, when the free requests of a day begin anew (OpenRouterTeam/docs api_reference/limits.mdx). */
export function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS
}

/**
 * When a day's requests that are used up come back. A reset that has just passed by our clock is the midnight of a
 * server whose clock is a little behind: a moment away, not a whole day.
 */
export function dayEnds(headers: SaidError['headers'], now: number): number {
  const sinceReset = now - Number(headers['x-ratelimit-reset'])
  return sinceReset >= 0 && sinceReset < 3_600_000 ? now + 10_000 : nextMidnight(now)
}
