import type { OpenMuxError } from '@openmux/core'
import { failure } from '../failures.js'

/** An answer of the hub that is no success. */
export interface HubRefusal {
  readonly status: number
  readonly headers: Headers
  readonly model: string
  readonly revision: string
  readonly what: string
  readonly sentToken: boolean
  readonly now: number
  readonly hub: string
}

/**
 * What a refusal means. The hub names its reasons in `X-Error-Code` and answers 401 for repositories
 * that do not exist, so that nobody learns which private ones do (huggingface_hub
 * `utils/_http.py`, `hf_raise_for_status`).
 */
export function hubError(refusal: HubRefusal): OpenMuxError {
  const { status, headers, model, revision, what, sentToken } = refusal
  const upstreamCode = headers.get('x-error-code') ?? undefined
  const upstream = { status, ...(upstreamCode === undefined ? {} : { code: upstreamCode }) }
  if (upstreamCode === 'GatedRepo') {
    return failure('needs-setup', `${model} may only be downloaded after its terms were accepted.`, {
      model,
      upstream,
      scope: 'model',
      hint: sentToken
        ? `Accept the terms at ${refusal.hub}/${model} with the account of your token, then try again.`
        : `Accept the terms at ${refusal.hub}/${model} and set HF_TOKEN to a token of that account.`,
    })
  }
  if (upstreamCode === 'RevisionNotFound') {
    return failure('model-not-found', `${model} has no revision "${revision}".`, { model, upstream })
  }
  if (upstreamCode === 'EntryNotFound') {
    return failure('bad-response', `The hub has no file ${what} in ${model}, although it listed it.`, {
      model,
      upstream,
      scope: 'model',
    })
  }
  if (status === 401 && sentToken && upstreamCode !== 'RepoNotFound') {
    return failure('auth', 'The hub does not accept the token.', { model, upstream, hint: 'Check HF_TOKEN.' })
  }
  if (status === 404 || status === 401 || upstreamCode === 'RepoNotFound') {
    return failure('model-not-found', `The hub has no model ${model}, or it is private.`, {
      model,
      upstream,
      hint: 'Check the name (organisation/name). For a private model, set HF_TOKEN.',
    })
  }
  if (status === 403) {
    return failure('auth', `The hub refuses access to ${model}.`, {
      model,
      upstream,
      hint: 'Check the rights of the token in HF_TOKEN.',
    })
  }
  if (status === 429) {
    return failure('rate-limit', 'The hub answers: too many requests.', {
      model,
      upstream,
      scope: 'endpoint',
      until: refusal.now + retryAfterMs(headers),
    })
  }
  return failure(status >= 500 ? 'unavailable' : 'bad-response', `The hub answered ${status} for ${what}.`, {
    model,
    upstream,
    scope: 'endpoint',
  })
}

/** `Retry-After` in seconds, or `t=` of the hub's `RateLimit` header; a minute when neither says. */
function retryAfterMs(headers: Headers): number {
  const seconds = Number(
    headers.get('retry-after') ?? /(?:^|;)\s*t=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1] ?? Number.NaN,
  )
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 3_600) * 1_000 : 60_000
}
