import type { ModelCard } from '@openmux/core'
import { objectsOf, textOf } from '@openmux/http'
import { knownSpace, USUAL_EMBEDDING_MODEL } from './embedding-models.js'

/** The cards of the hub's lists of embedding models that `hf-inference` serves; the usual one first, then those whose space is known. */
export function readEmbeddingList(...lists: readonly unknown[]): readonly ModelCard[] {
  const ids = lists.flatMap((list) =>
    objectsOf(list).flatMap((entry) => textOf(entry['id']) ?? textOf(entry['modelId']) ?? []),
  )
  const cards = [...new Set(ids)].map(embeddingCard)
  return cards.toSorted((one, other) => rank(one) - rank(other))
}

/** The card of an embedding model. Never free: compute time is charged against the month's credits. */
export function embeddingCard(id: string): ModelCard {
  const space = knownSpace(id)
  return {
    id,
    tasks: ['embeddings'],
    state: 'hosted',
    free: false,
    ...(space === undefined ? {} : { space }),
  }
}

function rank({ id, space }: ModelCard): number {
  if (id === USUAL_EMBEDDING_MODEL) return 0
  return space === undefined ? 2 : 1
}
