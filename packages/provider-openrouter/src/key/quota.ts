import type { CallContext } from '@openmux/core'
import { defined, type HttpClient, membersOf, numberOf, textOf } from '@openmux/http'
import { errorIn } from '@openmux/openai-compatible'
import { nextMidnight } from '../errors/wait.js'

/** Longest wait for the status of the key, ms. */
const KEY_TIMEOUT_MS = 10_000

/** What is left for a key. Money is in USD; members that are not told are absent. */
export interface OpenRouterQuota {
  /** The name given to the key; by default a shortened form of the key itself, which is then left out. */
  readonly label?: string
  /** Most the key may spend; `null`: no limit of its own. */
  readonly limitUsd: number | null
  readonly remainingUsd: number | null
  /** How often `limitUsd` is renewed: `daily`, `weekly`, `monthly`. */
  readonly limitReset?: string
  readonly usedUsd: {
    readonly total?: number
    readonly today?: number
    readonly thisWeek?: number
    readonly thisMonth?: number
  }
  /** Whether the account never bought 10 credits: then 50 free requests a day instead of 1000. */
  readonly freeTier?: boolean
  /** Keys that manage other keys cannot ask models. */
  readonly managementKey: boolean
  /** When the key ends, ms since 1970. */
  readonly expiresAt?: number
  /** The requests to `:free` models of the whole account today, up to a minute old. */
  readonly freeRequests?: {
    readonly limit: number
    readonly used: number
    readonly remaining: number
    /** Next 00:00 UTC, ms since 1970. */
    readonly resetsAt: number
  }
}

/** `GET /key`: costs nothing and counts against no limit. Throws `auth` for a key that is not taken. */
export async function readQuota(client: HttpClient, context: CallContext): Promise<OpenRouterQuota> {
  const path = '/key'
  const timeouts = { headersMs: KEY_TIMEOUT_MS, idleMs: KEY_TIMEOUT_MS }
  const { value, status, headers } = await client.json({ path, context, timeouts })
  const quota = errorIn(value) === undefined ? quotaOf(value, context.clock.now()) : undefined
  if (quota === undefined) throw client.failure({ status, headers, body: value, path }, context)
  return quota
}

/** Source: OpenRouterTeam/docs api_reference/limits.mdx; `free_model_daily_requests` is captured. */
export function quotaOf(value: unknown, now: number): OpenRouterQuota | undefined {
  const { data } = membersOf(value) as { readonly data?: unknown }
  const key = membersOf(data)
  if (Object.keys(key).length === 0) return undefined
  const limit = numberOf(key['limit'])
  const label = textOf(key['label'])
  const expires = Date.parse(textOf(key['expires_at']) ?? '')
  return {
    limitUsd: limit ?? null,
    remainingUsd: limit === undefined ? null : (numberOf(key['limit_remaining']) ?? null),
    usedUsd: defined({
      total: numberOf(key['usage']),
      today: numberOf(key['usage_daily']),
      thisWeek: numberOf(key['usage_weekly']),
      thisMonth: numberOf(key['usage_monthly']),
    }),
    managementKey: key['is_management_key'] === true || key['is_provisioning_key'] === true,
    ...defined({
      label: label?.startsWith('sk-') === true ? undefined : label,
      limitReset: textOf(key['limit_reset']),
      freeTier: typeof key['is_free_tier'] === 'boolean' ? key['is_free_tier'] : undefined,
      expiresAt: Number.isFinite(expires) ? expires : undefined,
      freeRequests: freeRequestsOf(membersOf(key['free_model_daily_requests']), now),
    }),
  }
}

function freeRequestsOf(
  told: Readonly<Record<string, unknown>>,
  now: number,
): OpenRouterQuota['freeRequests'] {
  const limit = numberOf(told['limit'])
  const used = numberOf(told['used'])
  const remaining = numberOf(told['remaining']) ?? (limit === undefined ? undefined : limit - (used ?? 0))
  if (limit === undefined || remaining === undefined) return undefined
  return {
    limit,
    used: used ?? Math.max(0, limit - remaining),
    remaining: Math.max(0, remaining),
    resetsAt: nextMidnight(now),
  }
}
