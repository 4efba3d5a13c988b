import type { Capabilities, Capability, ModelCard, ModelChoice, ModelNeed } from '@openmux/core'
import { codesByName } from './model-kind.js'

/**
 * The models that could serve a need. In the order of the list, which is the user's where they gave one; for code,
 * models made for it go first. What a card or the provider denies is left out, what is not known is not.
 */
export function recommendModels(
  cards: readonly ModelCard[],
  need: ModelNeed,
  supports: Capabilities,
): readonly ModelChoice[] {
  const fitting = cards.filter(
    (card) => serves(card, need) && need.capabilities.every((capability) => can(card, capability, supports)),
  )
  const isSpecial = (card: ModelCard): boolean => need.task === 'code' && codesByName(card.id)
  return [...fitting.filter(isSpecial), ...fitting.filter((card) => !isSpecial(card))].map(
    (model, place) => ({
      model,
      reason: reasonOf(model, need, isSpecial(model), place),
    }),
  )
}

function serves(card: ModelCard, { task }: ModelNeed): boolean {
  return card.tasks.includes(task) || (task === 'code' && card.tasks.includes('chat'))
}

function can(card: ModelCard, capability: Capability, supports: Capabilities): boolean {
  return supports[capability] && card.supports?.[capability] !== false
}

function reasonOf(card: ModelCard, { task }: ModelNeed, special: boolean, place: number): string {
  if (special) return 'made for code, by its name'
  const kind = task === 'embeddings' ? 'embedding' : 'chat'
  const where = card.state === 'hosted' ? 'the service lists' : 'the server has'
  return place === 0 ? `first ${kind} model ${where}` : `${kind} model ${where}`
}
