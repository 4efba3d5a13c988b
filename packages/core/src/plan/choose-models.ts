import type { ModelCard } from '../contract/model-card.js'
import type { ModelChoice, ModelNeed } from '../contract/model-choice.js'
import type { ErrorCode } from '../errors/error-codes.js'
import { findModelId, nearestNames } from './spelling.js'

/** A model to be tried, as it is to be named to its provider. */
export interface ChosenModel {
  readonly id: string
  readonly reason: string
  readonly card?: ModelCard
}

/** Either models in the order to try, or why there is none. */
export type ModelsChosen =
  | { readonly models: readonly ChosenModel[] }
  | { readonly none: string; readonly code: ErrorCode; readonly nearest: readonly string[] }

/**
 * The model somebody named. `passOn`: when the provider itself was named too, an unknown name is
 * handed to it as it is – it may know how to get it, or say best what is wrong.
 */
export function chooseNamed(
  spelling: string,
  cards: readonly ModelCard[],
  need: ModelNeed,
  passOn: boolean,
): ModelsChosen {
  const ids = cards.map((card) => card.id)
  const id = findModelId(spelling, ids)
  const card = cards.find((candidate) => candidate.id === id)
  if (card !== undefined) {
    const unfit = unfitness(card, need)
    if (unfit !== undefined) return { none: `${card.id} ${unfit}`, code: 'unsupported', nearest: [] }
    return { models: [{ id: card.id, reason: `named by the caller as ${spelling}`, card }] }
  }
  if (passOn) return { models: [{ id: spelling, reason: 'named by the caller, not listed by the provider' }] }
  return {
    none: `has no model called ${spelling}`,
    code: 'model-not-found',
    nearest: nearestNames(spelling, ids),
  }
}

/** What preferences name, as far as it is there and fits, in their order; then the others. */
export function choosePreferred(
  wishes: readonly string[],
  cards: readonly ModelCard[],
  need: ModelNeed,
  others: ModelsChosen,
): ModelsChosen {
  const wished = wishes.flatMap((wish) => {
    const chosen = chooseNamed(wish, cards, need, false)
    return 'models' in chosen
      ? chosen.models.map((model) => ({ ...model, reason: `preferred as ${wish}` }))
      : []
  })
  const rest = 'models' in others ? others.models : []
  const models = [...wished, ...rest].filter(
    (model, index, all) => all.findIndex(({ id }) => id === model.id) === index,
  )
  return models.length > 0 ? { models } : others
}

/** The provider's own choice, best first. */
export function chooseRecommended(choices: readonly ModelChoice[], need: ModelNeed): ModelsChosen {
  // A floor is not the provider's to lower.
  const models = choices
    .filter(({ model }) => unfitness(model, need) === undefined)
    .map(({ model, reason }) => ({ id: model.id, reason, card: model }))
  return models.length > 0
    ? { models }
    : { none: `has no model for ${describeNeed(need)}`, code: 'unsupported', nearest: [] }
}

/** For providers that recommend nothing: fitting cards in the order they list them. */
export function chooseListed(cards: readonly ModelCard[], need: ModelNeed): ModelsChosen {
  return chooseRecommended(
    cards.map((model) => ({ model, reason: 'first model listed that fits' })),
    need,
  )
}

function unfitness(card: ModelCard, need: ModelNeed): string | undefined {
  // Chat models write code too.
  const does = card.tasks.includes(need.task) || (need.task === 'code' && card.tasks.includes('chat'))
  if (!does) return `does not do ${need.task}`
  if (need.localOnly && card.state === 'hosted')
    return 'runs on somebody else’s machine, and the request must stay on this one'
  const lacking = need.capabilities.find((capability) => card.supports?.[capability] === false)
  return lacking === undefined ? undefined : `cannot do ${lacking}`
}

function describeNeed(need: ModelNeed): string {
  return [need.task, ...need.capabilities].join(' with ')
}
