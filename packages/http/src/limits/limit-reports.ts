import type { CallContext, LimitReport, LimitScope } from '@openmux/core'
import type { ResponseHeaders } from '../transport/response-headers.js'
import { clockSkew } from './clock-skew.js'
import { mayTellLimits, readWindows } from './windows.js'

/** An answer as far as it can say something about allowances. */
export interface LimitedAnswer {
  readonly status: number
  readonly headers: ResponseHeaders
  /** The model the request named. */
  readonly model: string
  /** What a failed answer said, parsed. Absent: it was no failure, or no JSON. */
  readonly json?: unknown
  /** ms since 1970. */
  readonly now: number
}

/** What an answer says about allowances. Pure; empty when it says nothing. */
export type LimitReader = (answer: LimitedAnswer) => readonly LimitReport[]

/** Limits on what nobody sends requests for here. */
const OF_OTHER_THINGS = /image|audio|second|video|page|connection/

/**
 * Reads allowances from the headers that {@link limitHint} knows too, one report a window: `X-RateLimit-*`,
 * `RateLimit-*`, `RateLimit` and `Anthropic-RateLimit-*`. Names with `token` in them count tokens, all others requests;
 * windows without a number of what is left are no allowances, and a limit of 0 is how some servers say that there is none.
 * @param scope who shares them, which headers do not say. With `model` the least is believed.
 */
export function headerLimits(scope: LimitScope): LimitReader {
  return ({ headers, model, now }) => {
    if (!mayTellLimits(headers)) return []
    return readWindows(headers, now, clockSkew(headers, now)).flatMap(
      ({ name, limit, remaining, until, source }): LimitReport[] => {
        if (remaining === undefined || limit === 0 || OF_OTHER_THINGS.test(name)) return []
        return [
          {
            scope,
            unit: name.includes('token') ? 'tokens' : 'requests',
            remaining,
            source,
            ...(name === '' ? {} : { rule: name }),
            ...(scope === 'model' ? { model } : {}),
            ...(limit === undefined ? {} : { limit }),
            ...(until === undefined ? {} : { until }),
          },
        ]
      },
    )
  }
}

/** Tells the caller what an answer says about allowances. Nothing that goes wrong here costs the answer. */
export function tellLimits(
  read: LimitReader | undefined,
  { onLimit }: CallContext,
  answer: Omit<LimitedAnswer, 'model'> & { readonly model?: string },
): void {
  const { model } = answer
  // Lists and pages have limits of their own.
  if (read === undefined || onLimit === undefined || model === undefined) return
  try {
    for (const report of read({ ...answer, model })) onLimit(report)
  } catch {
    // The listener must not throw, and its fault is not the provider's.
  }
}
