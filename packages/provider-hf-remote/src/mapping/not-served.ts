import { OpenMuxError, type UpstreamAnswer } from '@openmux/core'
import { HUB_URL } from '../config/address.js'
import type { ModelReference } from '../models/model-reference.js'
import { liveFor, type Serving } from './read-mapping.js'

/** A model that was asked for a task and not served. */
export interface Unserved {
  readonly provider: string
  /** As the user named it. */
  readonly model: string
  readonly reference: ModelReference
  readonly task: 'chat' | 'embeddings'
  readonly servings: readonly Serving[]
  readonly upstream?: UpstreamAnswer | undefined
}

/**
 * Why a model is not served, in words: nobody serves it; others than the one asked for; only for another task
 * (`unsupported`); not at present; or the account has switched them off. Code `model-not-served` but where noted.
 */
export function notServed(unserved: Unserved): OpenMuxError {
  const { reference, task, servings } = unserved
  const { id } = reference
  const live = liveFor(servings, task)
  const names = live.map((serving) => serving.provider)
  const purpose = task === 'chat' ? 'chat' : 'embeddings'
  if (servings.length === 0) {
    return failure(unserved, {
      message: `No inference provider serves ${id}.`,
      hint: `Choose a model that is served (${HUB_URL}/models?inference_provider=all), or run this one yourself with @openmux/provider-hf-local or a dedicated endpoint.`,
    })
  }
  if (live.length > 0 && reference.provider !== undefined && !names.includes(reference.provider)) {
    return failure(unserved, {
      message: `${reference.provider} does not serve ${id} for ${purpose}; ${names.join(', ')} ${names.length === 1 ? 'does' : 'do'}.`,
      hint: `Name one of them, as in ${id}:${names[0] ?? ''}, or leave the suffix out.`,
    })
  }
  if (live.length > 0) {
    return failure(unserved, {
      message: `${id} is served for ${purpose} by ${names.join(', ')}, but not to this account or not by a route that is known here.`,
      hint: `Check which providers are enabled at ${HUB_URL}/settings/inference-providers.`,
    })
  }
  const tasks = [
    ...new Set(servings.filter(({ status }) => status === 'live').map((serving) => serving.task)),
  ]
  if (tasks.length > 0) {
    return failure(unserved, {
      code: 'unsupported',
      message: `${id} is served for ${tasks.join(', ')}, not for ${purpose}.`,
      hint: `Choose a model for ${purpose}.`,
    })
  }
  const states = servings.map(({ provider, status }) => `${provider} (${status})`).join(', ')
  return failure(unserved, {
    message: `Nobody serves ${id} at present: ${states}.`,
    hint: 'Try again later, or choose another model.',
  })
}

function failure(
  { provider, model, upstream }: Unserved,
  said: { readonly code?: 'unsupported'; readonly message: string; readonly hint: string },
): OpenMuxError {
  return new OpenMuxError({ code: 'model-not-served', ...said, provider, model, upstream })
}
