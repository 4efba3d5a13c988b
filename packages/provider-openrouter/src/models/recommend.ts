import type { Capabilities, Capability, ModelChoice, ModelNeed, Task } from '@openmux/core'
import { tasksByName } from '@openmux/openai-compatible'
import type { OpenRouterModel } from './openrouter-model.js'
import { familyPlace, QUALITY_HINTS } from './quality-hints.js'

/** What choosing depends on beside the need. */
export interface RecommendOptions {
  /** Whether paid models may follow the free ones. */
  readonly allowPaid: boolean
  /** What the provider can carry at all. */
  readonly supports: Capabilities
  /** ms since 1970. */
  readonly now: number
}

const DAY_MS = 86_400_000
/** A model that goes away sooner is named last: an application should not get used to it. */
const EXPIRES_SOON_MS = 3 * DAY_MS
/** A smaller window is soon full in a conversation with tools or files. */
const ROOMY_TOKENS = 32_000

/**
 * The models to take for a need, best first; free ones only, unless paid ones are allowed, which then follow by price.
 * Among the free: those that are known to do what is needed, made for code when code is asked for, with a roomy
 * window, of a family that is known to be good, larger, newer. OpenRouter's own `openrouter/free` comes last: it takes
 * any free model that fits, so it answers when a single one is busy.
 */
export function recommendModels(
  models: readonly OpenRouterModel[],
  need: ModelNeed,
  options: RecommendOptions,
): readonly ModelChoice[] {
  if (need.localOnly === true) return []
  return models
    .filter((model) => fits(model, need, options))
    .map((model) => ({ model, rank: rankOf(model, need, options.now) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ model }) => ({ model: model.card, reason: reasonOf(model, need, options) }))
}

/** All models for a task in the order in which they would be taken, paid ones too; for naming one in place of another. */
export function rankModels(
  models: readonly OpenRouterModel[],
  task: Task,
  now: number,
): readonly OpenRouterModel[] {
  const need: ModelNeed = { task, capabilities: [] }
  return models
    .filter(
      ({ expiresAt = Infinity, card }) =>
        expiresAt > now && card.tasks.includes(task) && answers(card.id, task),
    )
    .map((model) => ({ model, rank: rankOf(model, need, now) }))
    .toSorted((a, b) => compareRanks(a.rank, b.rank))
    .map(({ model }) => model)
}

/** Guards and readers of scans answer in text, but not to questions. */
function answers(id: string, task: Task): boolean {
  return task === 'embeddings' || tasksByName(id).length > 0
}

function fits(
  model: OpenRouterModel,
  need: ModelNeed,
  { allowPaid, supports, now }: RecommendOptions,
): boolean {
  const { card, isRouter, expiresAt = Infinity } = model
  if (!card.tasks.includes(need.task) || expiresAt <= now) return false
  // A router that is not free may pass the request on to the dearest model there is.
  if (!card.free && (!allowPaid || isRouter || card.price === undefined)) return false
  if (!answers(card.id, need.task)) return false
  return need.capabilities.every(
    (capability) => supports[capability] && card.supports?.[capability] !== false,
  )
}

/** Numbers to be compared one after the other; smaller is better. */
function rankOf(model: OpenRouterModel, need: ModelNeed, now: number): readonly number[] {
  const { card, isRouter, expiresAt = Infinity, createdAt = 0 } = model
  return [
    card.free ? 0 : 1,
    isRouter ? 1 : 0,
    expiresAt - now < EXPIRES_SOON_MS ? 1 : 0,
    need.capabilities.filter((capability) => !isKnownTo(model, capability)).length,
    need.task === 'code' && !codes(card.id) ? 1 : 0,
    card.free || card.price === undefined ? 0 : card.price.inputPerMillion + card.price.outputPerMillion,
    (card.contextTokens ?? 0) >= ROOMY_TOKENS ? 0 : 1,
    familyPlace(card.id),
    -billionsOf(card.id),
    -createdAt,
  ]
}

function compareRanks(first: readonly number[], second: readonly number[]): number {
  const place = first.findIndex((value, index) => value !== second[index])
  return place === -1 ? 0 : (first[place] ?? 0) - (second[place] ?? 0)
}

function reasonOf(model: OpenRouterModel, need: ModelNeed, { now }: RecommendOptions): string {
  const { card, isRouter, expiresAt = Infinity, createdAt } = model
  if (isRouter) return 'OpenRouter takes any free model that fits and is not busy'
  const { price, contextTokens } = card
  const known = need.capabilities.filter((capability) => isKnownTo(model, capability))
  const cost =
    card.free || price === undefined
      ? 'free'
      : `${price.inputPerMillion} and ${price.outputPerMillion} USD a million tokens in and out`
  return [
    cost,
    ...(need.task === 'code' && codes(card.id) ? ['made for code, by its name'] : []),
    ...(known.length === 0 ? [] : [`can do ${known.join(', ')}`]),
    ...(contextTokens === undefined ? [] : [`${contextTokens} tokens of context`]),
    ...(familyPlace(card.id) < QUALITY_HINTS.families.length
      ? [`a good family as of ${QUALITY_HINTS.asOf}`]
      : []),
    ...(createdAt === undefined ? [] : [`listed since ${dayOf(createdAt)}`]),
    ...(expiresAt - now < EXPIRES_SOON_MS ? [`goes away on ${dayOf(expiresAt)}`] : []),
  ].join(', ')
}

function isKnownTo({ card }: OpenRouterModel, capability: Capability): boolean {
  return card.supports?.[capability] === true
}

function codes(id: string): boolean {
  return /cod(?:e|er|ing)\b|devstral|starcoder|laguna/i.test(id)
}

/** The size in the name (`…-120b-a12b` is 120), 0 when it names none; larger ones count alike. */
function billionsOf(id: string): number {
  const sizes = [...id.matchAll(/(?:^|[-/_])(\d+(?:\.\d+)?)b(?=$|[-:_])/gi)].map(([, size]) => Number(size))
  return Math.min(Math.max(0, ...sizes), 400)
}

function dayOf(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10)
}
