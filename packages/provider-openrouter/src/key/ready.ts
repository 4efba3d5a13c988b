import { type CallContext, isOpenMuxError, type OpenMuxError, type Readiness } from '@openmux/core'
import type { HttpClient } from '@openmux/http'
import { KEY_PAGE, KEY_VARIABLE, type Settings } from '../config/settings.js'
import { quotaReports } from '../limits/free-limits.js'
import { type OpenRouterQuota, readQuota } from './quota.js'

const LOCAL_INSTEAD = 'Or use a local model, for instance with Ollama.'

/** Whether the key could be used now, by `GET /key`: nothing is generated and nothing spent. */
export async function ready(
  client: HttpClient,
  settings: Settings,
  context: CallContext,
): Promise<Readiness> {
  if (settings.apiKey === undefined) {
    return no('OpenRouter is not configured: there is no key.', [
      `Make a key at ${KEY_PAGE}; free models need no money.`,
      `Set ${KEY_VARIABLE} to it, or give the option apiKey.`,
    ])
  }
  try {
    const quota = await readQuota(client, context)
    for (const report of quotaReports(quota)) context.onLimit?.(report)
    return judgeQuota(quota, context.clock.now())
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted') throw error
    return explain(error, client)
  }
}

/** What the status of a key means for the next request. Pure. */
export function judgeQuota(quota: OpenRouterQuota, now: number): Readiness {
  const { managementKey, expiresAt, remainingUsd, limitUsd, limitReset, freeRequests, freeTier } = quota
  if (managementKey) {
    return no('This is a management key of OpenRouter: it makes other keys and cannot ask models.', [
      `Make an ordinary key at ${KEY_PAGE}.`,
    ])
  }
  if (expiresAt !== undefined && expiresAt <= now) {
    return no(`The key of OpenRouter ended on ${dayOf(expiresAt)}.`, [`Make a new one at ${KEY_PAGE}.`])
  }
  if (limitUsd !== null && remainingUsd !== null && remainingUsd <= 0) {
    const renewed = limitReset === undefined ? '' : `, which is renewed ${limitReset}`
    return no(`The key has used up its limit of ${limitUsd} USD${renewed}.`, [
      `Raise the limit of the key at ${KEY_PAGE}, or use another key.`,
      LOCAL_INSTEAD,
    ])
  }
  // An account that has bought credits can still use paid models.
  if (freeRequests?.remaining === 0 && freeTier !== false) {
    return no(
      `The ${freeRequests.limit} free requests of today are used up; the next ones come at ${new Date(freeRequests.resetsAt).toISOString()}.`,
      ['Wait until then.', 'Buy 10 credits once for 1000 free requests a day.', LOCAL_INSTEAD],
    )
  }
  return { ready: true, detail: detailOf(quota) }
}

function detailOf({ freeRequests, remainingUsd, freeTier }: OpenRouterQuota): string {
  const parts = [
    ...(freeTier === true ? ['free tier'] : []),
    ...(freeRequests === undefined
      ? []
      : [`${freeRequests.remaining} of ${freeRequests.limit} free requests left today`]),
    ...(remainingUsd === null ? [] : [`${remainingUsd} USD left on this key`]),
  ]
  return parts.length === 0 ? 'the key is valid' : parts.join(', ')
}

function explain(error: OpenMuxError, { host }: HttpClient): Readiness {
  switch (error.code) {
    case 'auth':
      return no(`OpenRouter does not take the key: ${error.message}`, [
        `Copy the whole key again, or make a new one at ${KEY_PAGE}.`,
        `Check that ${KEY_VARIABLE} or the option apiKey holds it.`,
      ])
    case 'network':
    case 'timeout':
      return no(`${host} cannot be reached: ${error.message}`, [error.hint, LOCAL_INSTEAD])
    case 'bad-response':
    case 'not-found':
    case 'endpoint-moved':
    case 'endpoint-gone':
      return no(`Something answers at ${host}, but not as OpenRouter: ${error.message}`, [
        'Leave the option baseURL out, or correct it; it ends in /api/v1.',
      ])
    default:
      return no(error.message, [error.hint])
  }
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}

function no(reason: string, remedies: readonly string[]): Readiness {
  return { ready: false, reason, remedies }
}
