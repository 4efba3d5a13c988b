import {
  type CallContext,
  type Discovery,
  type DiscoverOptions,
  isOpenMuxError,
  type Task,
  TASKS,
} from '@openmux/core'
import type { HttpClient } from '@openmux/http'
import type { Catalog } from '../models/catalog.js'
import type { OpenRouterModel } from '../models/openrouter-model.js'
import { rankModels } from '../models/recommend.js'
import { freeChecks } from '../probe/probe-openrouter.js'

/** The free models by task, in the order in which they would be taken, and which addresses answer. Needs no key. */
export async function discoverOpenRouter(
  client: HttpClient,
  hasKey: boolean,
  catalog: Catalog,
  { task }: DiscoverOptions,
  context: CallContext,
): Promise<Discovery> {
  const notes: string[] = []
  const list = async (): Promise<readonly OpenRouterModel[]> => {
    try {
      return await catalog.list(context)
    } catch (error) {
      if (!isOpenMuxError(error) || error.code === 'aborted') throw error
      notes.push(`The models could not be listed: ${error.message}`)
      return []
    }
  }
  const [endpoints, models] = await Promise.all([Promise.all(freeChecks(client, hasKey, context)), list()])
  const free = models.filter(({ card }) => card.free)
  const now = context.clock.now()
  const ranked = task === undefined ? everyTask(free, now) : rankModels(free, task, now)
  if (models.length > 0)
    notes.push(`${models.length - free.length} further models cost something; \`models()\` lists them.`)
  if (!hasKey) notes.push('No key is set: the lists need none, answers do.')
  return {
    endpoints,
    models: ranked.map(({ card, expiresAt }) => ({
      model: card,
      ...(expiresAt === undefined
        ? {}
        : { note: `goes away on ${new Date(expiresAt).toISOString().slice(0, 10)}` }),
    })),
    notes,
  }
}

/** Chat models in the order for chat, then those that only serve another task. */
function everyTask(models: readonly OpenRouterModel[], now: number): readonly OpenRouterModel[] {
  const order: readonly Task[] = TASKS
  return [...new Set(order.flatMap((task) => rankModels(models, task, now)))]
}
