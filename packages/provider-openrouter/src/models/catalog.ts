import { type CallContext, isOpenMuxError } from '@openmux/core'
import type { HttpClient } from '@openmux/http'
import { errorIn } from '@openmux/openai-compatible'
import { type OpenRouterModel, readModels } from './openrouter-model.js'

/** Longest wait for a list, ms. */
const LIST_TIMEOUT_MS = 15_000

/** OpenRouter's models, remembered for a while. */
export interface Catalog {
  /** Asks when what is remembered is too old. Models past their end are left out. */
  list(context: CallContext, timeoutMs?: number): Promise<readonly OpenRouterModel[]>
  /** What is remembered, however old; undefined when nothing was read yet. */
  known(): readonly OpenRouterModel[] | undefined
  find(model: string): OpenRouterModel | undefined
  /** Takes a model out until the list is read anew: OpenRouter just said that it is gone. */
  forget(model: string): void
}

/** Makes the memory of one provider. The lists need no key and count against no limit. */
export function createCatalog(client: HttpClient, forMs: number): Catalog {
  let remembered: { readonly models: readonly OpenRouterModel[]; readonly readAt: number } | undefined
  return {
    async list(context, timeoutMs = LIST_TIMEOUT_MS) {
      const now = context.clock.now()
      if (remembered === undefined || now - remembered.readAt >= forMs) {
        const [texts, embeddings] = await Promise.all([
          readList(client, 'text', context, timeoutMs),
          readList(client, 'embeddings', context, timeoutMs),
        ])
        const ids = new Set(texts.map(({ card }) => card.id))
        remembered = {
          models: [...texts, ...embeddings.filter(({ card }) => !ids.has(card.id))],
          readAt: now,
        }
      }
      return remembered.models.filter(({ expiresAt = Infinity }) => expiresAt > now)
    },
    known: () => remembered?.models,
    find: (model) => remembered?.models.find(({ card }) => card.id === model),
    forget(model) {
      if (remembered === undefined) return
      remembered = { ...remembered, models: remembered.models.filter(({ card }) => card.id !== model) }
    },
  }
}

async function readList(
  client: HttpClient,
  kind: 'text' | 'embeddings',
  context: CallContext,
  timeoutMs: number,
): Promise<readonly OpenRouterModel[]> {
  const path = kind === 'text' ? '/models' : '/embeddings/models'
  try {
    const timeouts = { headersMs: timeoutMs, idleMs: timeoutMs }
    const { value, status, headers } = await client.json({ path, context, timeouts })
    const models = errorIn(value) === undefined ? readModels(value, kind) : undefined
    if (models === undefined) throw client.failure({ status, headers, body: value, path }, context)
    return models
  } catch (error) {
    // Servers in front of OpenRouter may know only the list of chat models.
    if (kind === 'embeddings' && isOpenMuxError(error) && error.code === 'not-found') return []
    throw error
  }
}
