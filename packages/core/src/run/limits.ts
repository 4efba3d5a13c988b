import type { Locality } from '../contract/locality.js'
import type { Timeouts } from '../contract/timeouts.js'

/** Waiting limits by where a provider lives; a request's own words win. Zero means none. */
const DEFAULTS: Readonly<Record<Locality, Omit<Timeouts, 'totalMs'>>> = {
  remote: { firstTokenMs: 10_000, idleMs: 15_000 },
  // A local model may think long over a long prompt; what it does not do is pause in an answer.
  local: { firstTokenMs: 0, idleMs: 60_000 },
}

/** Default time for a whole request, ms: what the official clients of the field allow. */
export const DEFAULT_TOTAL_MS = 600_000

/** Default number of attempts of a request. */
export const DEFAULT_MAX_ATTEMPTS = 4

/** How much slower than usual a local model may be before it counts as hung, and the least limit, ms. */
const LEARNED = { factor: 6, leastMs: 30_000 }

/**
 * Limits for one attempt: the request's own words, else what suits where the provider lives. A local model's first
 * token has no limit until it is known how long it usually takes, loading apart.
 */
export function attemptLimits(
  locality: Locality,
  given: Partial<Timeouts>,
  usualFirstTokenMs: number | undefined,
): { readonly firstTokenMs: number; readonly idleMs: number } {
  const { firstTokenMs, idleMs } = DEFAULTS[locality]
  const learned =
    locality === 'local' && usualFirstTokenMs !== undefined
      ? Math.max(LEARNED.leastMs, usualFirstTokenMs * LEARNED.factor)
      : firstTokenMs
  return { firstTokenMs: given.firstTokenMs ?? learned, idleMs: given.idleMs ?? idleMs }
}

/** Requests at a time of a local provider that says nothing itself: more only slow each other down. */
export const LOCAL_CONCURRENCY = 2
