import { type JsonObject, objectOf, objectsOf, textOf } from '@openmux/http'

/** One inference provider's standing with a model. */
export interface Serving {
  readonly provider: string
  /** `live`, `staging`, `error`, or a word that is not known yet. */
  readonly status: string
  /** `conversational`, `feature-extraction`, `sentence-similarity` … */
  readonly task: string
  /** The model's name at that provider. */
  readonly providerId?: string
}

/**
 * Who serves a model, out of `GET /api/models/{id}?expand[]=inferenceProviderMapping`: the object form (by
 * provider), the array form, an empty one of either, or no member at all. Nobody is an empty list, never an error
 * (huggingface.js packages/inference/src/lib/getInferenceProviderMapping.ts).
 */
export function readMapping(answer: unknown): readonly Serving[] {
  const mapping = objectOf(answer)?.['inferenceProviderMapping']
  const object = objectOf(mapping)
  const entries: readonly JsonObject[] =
    object === undefined
      ? objectsOf(mapping)
      : Object.entries(object).flatMap(([provider, entry]) => {
          const inner = objectOf(entry)
          return inner === undefined ? [] : [{ ...inner, provider }]
        })
  return entries.flatMap((entry) => {
    const provider = textOf(entry['provider'])
    if (provider === undefined) return []
    const providerId = textOf(entry['providerId'])
    const serving = {
      provider,
      status: textOf(entry['status']) ?? 'unknown',
      task: textOf(entry['task']) ?? 'unknown',
    }
    return [providerId === undefined ? serving : { ...serving, providerId }]
  })
}

/** The tasks of the hub that stand for ours. */
const HUB_TASKS = {
  chat: ['conversational'],
  embeddings: ['feature-extraction', 'sentence-similarity'],
} as const

/** Those who serve a model for a task right now. */
export function liveFor(servings: readonly Serving[], task: keyof typeof HUB_TASKS): readonly Serving[] {
  const names: readonly string[] = HUB_TASKS[task]
  return servings.filter((serving) => serving.status === 'live' && names.includes(serving.task))
}
