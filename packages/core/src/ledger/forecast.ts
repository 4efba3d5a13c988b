import type { LimitScope } from '../contract/limit.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { type Allowance, isReported, limitOf, nextFreeAt, remainingAt, renewsAt } from './allowance.js'
import type { Breaker } from './breakers.js'
import type { CooldownArea, Cooldown } from './cooldowns.js'

/** What is left of one allowance. */
export interface AllowanceForecast {
  readonly provider: string
  readonly scope: LimitScope
  /** The id of the declared rule. */
  readonly rule?: string
  /** For scope `model`. */
  readonly model?: string
  readonly unit: 'requests' | 'tokens' | 'usd'
  /** A window, in units. */
  readonly limit?: number
  /** In units; never more than what the back end would still serve, as far as we know. */
  readonly remaining?: number
  /** When the present window ends, ms since 1970. */
  readonly renewsAt?: number
  /** When the next request fits, ms since 1970: `now` when one fits already. */
  readonly nextFreeAt: number | 'never'
  /** Whether the back end itself said so, rather than our own count. */
  readonly reported: boolean
}

/** Something that is left alone for a while. */
export interface CooldownForecast {
  readonly provider: string
  readonly area: CooldownArea
  /** The model, the origin or the rule; absent where the area needs none. */
  readonly name?: string
  readonly code: ErrorCode
  /** ms since 1970. */
  readonly until: number
}

/** The health of an origin, or of a model there, that is not as it should be. */
export interface BreakerForecast {
  readonly origin: string
  /** Absent: the connection to the origin. */
  readonly model?: string
  /** `closed`: it failed lately and is still used. `half-open`: the next request, or the one under way, decides. */
  readonly state: 'closed' | 'open' | 'half-open'
  /** In a row. */
  readonly failures: number
  readonly code: ErrorCode
  /** When the deciding request may be sent, ms since 1970. For `open`. */
  readonly until?: number
}

/** What is left, and what is left alone. */
export interface Forecast {
  readonly allowances: readonly AllowanceForecast[]
  readonly cooldowns: readonly CooldownForecast[]
  readonly breakers: readonly BreakerForecast[]
}

/** What is left of one allowance at `now`. */
export function forecastOf(allowance: Allowance, now: number): AllowanceForecast {
  const { provider, scope, rule, model, unit } = allowance
  const limit = limitOf(allowance)
  const remaining = remainingAt(allowance, now)
  const renewal = renewsAt(allowance, now)
  return {
    provider,
    scope,
    ...(rule !== undefined && { rule: rule.id }),
    ...(model !== undefined && { model }),
    unit,
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(renewal !== undefined && { renewsAt: renewal }),
    nextFreeAt: unit === 'usd' || remaining === undefined ? now : nextFreeAt(allowance, 1, now),
    reported: isReported(allowance, now),
  }
}

/** A cooldown for people. */
export function cooldownForecast({ provider, area, name, code, until }: Cooldown): CooldownForecast {
  return { provider, area, ...(name !== '' && { name }), code, until }
}

/** A breaker for people. */
export function breakerForecast(breaker: Breaker, now: number): BreakerForecast {
  const { origin, model, failures, code, until } = breaker
  const state = until === 0 ? 'closed' : now < until ? 'open' : 'half-open'
  return {
    origin,
    ...(model !== undefined && { model }),
    state,
    failures,
    code,
    ...(state === 'open' && { until }),
  }
}
