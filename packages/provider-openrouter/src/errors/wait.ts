import { limitHint } from '@openmux/http'
import { numberOf } from '../wire/json.js'
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
