import type { ModelCard, ModelChoice, ModelNeed } from '@openmux/core'
import { megabytes } from './download/disk-errors.js'
import { CAPABILITIES } from './capabilities.js'

/** Above this a model is too slow on most machines to be taken unasked. */
const COMFORTABLE_BYTES = 2_000_000_000

/** What the user set as defaults. */
export interface Favourites {
  readonly chatModel: string
  readonly embeddingModel: string
}

/**
 * Models for a need, best first: what is in memory, then the user's or our default, then the largest
 * that is comfortable; what must be fetched first comes last, but for last resorts. Empty when the need asks for something
 * no model here can do.
 */
export function recommendModels(
  cards: readonly ModelCard[],
  need: ModelNeed,
  favourites: Favourites,
): readonly ModelChoice[] {
  if (need.task !== 'embeddings' && need.capabilities.some((capability) => !CAPABILITIES[capability]))
    return []
  const favourite = need.task === 'embeddings' ? favourites.embeddingModel : favourites.chatModel
  return cards
    .filter(({ tasks, lastResort }) => {
      // Whether a last resort stands in for a coder is not for this provider to say.
      const stoodInFor = lastResort !== undefined && need.task === 'code' ? 'chat' : need.task
      return tasks.includes(stoodInFor)
    })
    .map((card) => ({ card, rank: rankOf(card, need, favourite) }))
    .toSorted((one, other) => compare(one.rank, other.rank))
    .map(({ card }) => ({ model: card, reason: reasonOf(card, favourite) }))
}

type Rank = readonly number[]

function rankOf(card: ModelCard, need: ModelNeed, favourite: string): Rank {
  const size = card.sizeBytes ?? 0
  return [
    card.lastResort === undefined ? 0 : 1,
    card.state === 'downloadable' ? 1 : 0,
    need.task === 'code' && !/cod(?:e|er)\b/i.test(card.id) ? 1 : 0,
    card.state === 'loaded' ? 0 : 1,
    card.id === favourite ? 0 : 1,
    size > COMFORTABLE_BYTES ? 1 : 0,
    size > COMFORTABLE_BYTES ? size : -size,
  ]
}

function compare(one: Rank, other: Rank): number {
  for (let place = 0; place < one.length; place++) {
    const difference = (one[place] ?? 0) - (other[place] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function reasonOf(card: ModelCard, favourite: string): string {
  if (card.lastResort !== undefined) return `a last resort: ${card.lastResort}`
  if (card.state === 'loaded') return 'loaded already'
  const size = card.sizeBytes === undefined ? '' : ` (${megabytes(card.sizeBytes)})`
  if (card.state === 'downloadable')
    return `${card.id === favourite ? 'the default, ' : ''}downloaded first${size}`
  return card.id === favourite ? `the default, in the cache${size}` : `in the cache${size}`
}
