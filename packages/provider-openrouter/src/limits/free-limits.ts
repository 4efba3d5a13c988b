import type { LimitReport, LimitRule } from '@openmux/core'
import { type LimitReader, limitHint } from '@openmux/http'
import { readError } from '../errors/read-error.js'
import { dayEnds } from '../errors/wait.js'
import type { OpenRouterQuota } from '../key/quota.js'

const SOURCE = 'https://openrouter.ai/docs/api/reference/limits'

/** Free requests a day of an account that once bought 10 credits. */
const DAY_WITH_CREDITS = 1_000
/** `GET /key` answers with numbers up to so old, ms. */
const KEY_MAX_AGE_MS = 60_000

/** OpenRouter's own model that passes on to any free one. */
const ANY_FREE = 'openrouter/free'

const MINUTE: LimitRule = {
  id: 'free-minute',
  scope: 'account',
  unit: 'requests',
  amount: 20,
  window: { kind: 'rolling', ms: 60_000 },
  countsFailures: true,
  source: SOURCE,
}
const DAY: LimitRule = { ...MINUTE, id: 'free-day', amount: 50, window: { kind: 'utc-day' } }
const FREE_RULES: readonly LimitRule[] = [MINUTE, DAY]
const NO_RULES: readonly LimitRule[] = []

/**
 * The allowances of free models: 20 requests a minute, and 50 a day, or 1,000 once 10 credits were bought, which
 * `GET /key` tells. All free models of an account share them, failed requests count, and the day is that of UTC. What
 * else is paid for has no fixed limits. Source: OpenRouterTeam/docs api_reference/limits.mdx.
 */
export function freeLimits(model: string): readonly LimitRule[] {
  return /:free(?::|$)/.test(model) || model === ANY_FREE ? FREE_RULES : NO_RULES
}

/**
 * What a refusal of a free model says: `X-RateLimit-*` in the headers or in the metadata of the error, and which of the
 * two limits it was in `limit_source` or in words. Answers that succeed say nothing.
 */
export const readFreeLimits: LimitReader = (answer) => {
  const { status, headers, json, now } = answer
  const said = readError({ status, headers, json, body: '', path: '', now })
  if (said === undefined) return []
  const what = `${said.limitSource} ${said.message}`
  const isDay = /free_tier_daily|free-models-per-day/i.test(what)
  if (!isDay && !/free_tier_per_minute|free-models-per-min/i.test(what)) return []
  const { scope, unit, id } = isDay ? DAY : MINUTE
  const told = limitHint(said.headers, now)
  const until = told?.until ?? (isDay ? dayEnds(said.headers, now) : now + 60_000)
  return [
    {
      rule: id,
      scope,
      unit,
      remaining: 0,
      until,
      ...(told?.limit === undefined ? {} : { limit: told.limit }),
      source: told?.source ?? 'the refusal itself',
    },
  ]
}

/** What `GET /key` says about allowances. */
export function quotaReports(quota: OpenRouterQuota): readonly LimitReport[] {
  const { freeRequests, freeTier, limitUsd, remainingUsd } = quota
  const day = { rule: DAY.id, scope: DAY.scope, unit: DAY.unit, model: ANY_FREE, source: 'GET /key' } as const
  return [
    ...(freeRequests !== undefined
      ? // Without `until`: just after midnight these may still be the numbers of yesterday.
        [
          {
            ...day,
            limit: freeRequests.limit,
            remaining: freeRequests.remaining,
            maxAgeMs: KEY_MAX_AGE_MS,
          },
        ]
      : // Not every answer has the numbers; that credits were bought is told in any case.
        freeTier === false
        ? [{ ...day, limit: DAY_WITH_CREDITS }]
        : []),
    ...(limitUsd === null
      ? []
      : [
          {
            rule: 'key-usd',
            scope: 'key' as const,
            unit: 'usd' as const,
            limit: limitUsd,
            ...(remainingUsd === null ? {} : { remaining: Math.max(0, remainingUsd) }),
            source: 'GET /key',
          },
        ]),
  ]
}
