import { type CallContext, isOpenMuxError, type ModelCard } from '@openmux/core'
import { defined } from '@openmux/http'
import { isSameModel } from '../names/model-name.js'
import type { ServerApi } from '../server-api.js'
import type { OllamaModelInfo } from '../wire/show.js'
import type { OllamaModel } from '../wire/tags.js'
import type { Catalog } from './catalog.js'
import { modelCard } from './card.js'

/** Questions about models asked side by side. */
const AT_ONCE = 4

/** What listing needs. */
export interface CardListing {
  readonly api: ServerApi
  readonly catalog: Catalog
  readonly isCloud: boolean
  readonly cloudModels: boolean
  readonly maxContextTokens?: number
}

/** Cards of all models the server has. A model that the server cannot describe is listed by its tag alone. */
export async function listCards(listing: CardListing, context: CallContext): Promise<readonly ModelCard[]> {
  const { api, catalog, isCloud, cloudModels } = listing
  const [tags, running] = await Promise.all([api.tags(context), isCloud ? undefined : api.running(context)])
  const models = tags.filter((model) => cloudModels || model.remoteHost === undefined)
  const cards: ModelCard[] = []
  for (let start = 0; start < models.length; start += AT_ONCE) {
    const some = models.slice(start, start + AT_ONCE)
    const infos = await Promise.all(some.map((model) => describe(model, listing, catalog, context)))
    for (const [index, model] of some.entries()) {
      const card = modelCard({
        model,
        info: infos[index] ?? {},
        isCloud,
        ...defined({
          running: running?.find(({ name }) => isSameModel(name, model.name)),
          maxContextTokens: listing.maxContextTokens,
        }),
      })
      // Models that only make images or speech serve no task of ours.
      if (card.tasks.length > 0) cards.push(card)
    }
  }
  return cards
}

async function describe(
  model: OllamaModel,
  { isCloud }: CardListing,
  catalog: Catalog,
  context: CallContext,
): Promise<OllamaModelInfo> {
  // The cloud has hundreds, and what they can do is known when they are asked.
  if (isCloud || model.remoteHost !== undefined) return {}
  try {
    return await catalog.info(model, context)
  } catch (error) {
    // One broken model must not hide the others; a server that is gone must.
    if (isOpenMuxError(error) && ['aborted', 'network', 'timeout'].includes(error.code)) throw error
    return {}
  }
}
