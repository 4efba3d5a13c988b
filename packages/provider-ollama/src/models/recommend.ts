import type { Capability, ModelCard, ModelChoice, ModelNeed } from '@openmux/core'
import { isCodeModel } from './card.js'

/** What the choice depends on beside the cards. */
export interface RecommendOptions {
  /** Memory of the server in bytes; absent: not known, nothing is held against large models. */
  readonly memoryBytes?: number
  /** Take hosted models too, because the server itself is Ollama's cloud. Default false. */
  readonly hosted?: boolean
}

/** Weights take their size; window and buffers come on top. */
const OVERHEAD = 1.2
/** Models up to this part of the memory leave room for everything else: among them larger is better. */
const COMFORT = 0.5
/** Base models continue text; they do not answer. */
const NOT_FOR_ANSWERS = /(?:^|[-:])(?:base|text|fim)(?:[-:]|$)/i

/** What every chat can do here, whatever the model. */
const ALWAYS: readonly Capability[] = ['streaming', 'json', 'jsonSchema', 'seed']

/**
 * The installed models that serve a need, best first: in memory already, made for the task, known
 * to do what is needed, comfortable in memory, then the larger (by weights, by window). Models that
 * make only vectors never answer, chat models never make vectors, and cloud models are left out:
 * prompts to them leave the machine, which a caller has to ask for by name.
 */
export function recommendModels(
  cards: readonly ModelCard[],
  need: ModelNeed,
  options: RecommendOptions = {},
): readonly ModelChoice[] {
  const fitting = cards.filter(
    (card) => (options.hosted === true || card.state !== 'hosted') && serves(card, need),
  )
  return fitting
    .toSorted((a, b) => compare(ranks(a, need, options), ranks(b, need, options)) || a.id.localeCompare(b.id))
    .map((model) => ({ model, reason: reasonFor(model, need, options) }))
}

function serves(card: ModelCard, need: ModelNeed): boolean {
  const taskFits = card.tasks.includes(need.task) || (need.task === 'code' && card.tasks.includes('chat'))
  return taskFits && need.capabilities.every((wanted) => ALWAYS.includes(wanted) || isPossible(card, wanted))
}

/** Not denied: where the server does not tell, the attempt decides. */
function isPossible(card: ModelCard, wanted: Capability): boolean {
  return wanted !== 'logprobs' && card.supports?.[wanted] !== false
}

/** Numbers to compare one after the other, lower is better. */
function ranks(card: ModelCard, need: ModelNeed, { memoryBytes }: RecommendOptions): readonly number[] {
  const unknown = need.capabilities.filter(
    (wanted) => !ALWAYS.includes(wanted) && card.supports?.[wanted] === undefined,
  ).length
  const load = loadOf(card, memoryBytes)
  return [
    load > 1 && card.state !== 'loaded' ? 1 : 0,
    card.state === 'loaded' ? 0 : 1,
    misfit(card, need),
    unknown,
    load > COMFORT ? 1 : 0,
    // Beyond comfort, the smaller model is the faster and safer one.
    load > COMFORT ? weightsOf(card) : -weightsOf(card),
    -(card.contextTokens ?? 0),
  ]
}

function misfit(card: ModelCard, need: ModelNeed): number {
  const base = NOT_FOR_ANSWERS.test(card.id) ? 2 : 0
  if (need.task === 'embeddings') return 0
  return base + (isCodeModel(card.id) === (need.task === 'code') ? 0 : 1)
}

/** Part of the memory a model takes; 0 when that is not known. */
function loadOf(card: ModelCard, memoryBytes: number | undefined): number {
  return memoryBytes === undefined || card.sizeBytes === undefined
    ? 0
    : (card.sizeBytes * OVERHEAD) / memoryBytes
}

function weightsOf(card: ModelCard): number {
  return card.parameters ?? card.sizeBytes ?? 0
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differing = a.findIndex((value, index) => value !== b[index])
  return differing < 0 ? 0 : (a[differing] ?? 0) - (b[differing] ?? 0)
}

function reasonFor(card: ModelCard, need: ModelNeed, { memoryBytes }: RecommendOptions): string {
  const load = loadOf(card, memoryBytes)
  const reasons = [
    card.state === 'loaded' ? 'in memory already' : card.state,
    need.task === 'code' && isCodeModel(card.id) ? 'made for code' : undefined,
    need.task === 'embeddings' ? 'makes embeddings' : undefined,
    need.capabilities.length > 0 ? `can do ${need.capabilities.join(', ')}` : undefined,
    card.parameters === undefined ? undefined : `${shortCount(card.parameters)} weights`,
    load > 1 ? 'may not fit into memory' : load > COMFORT ? 'takes much of the memory' : undefined,
  ]
  return reasons.filter((reason) => reason !== undefined).join(', ')
}

function shortCount(count: number): string {
  if (count >= 1e9) return `${Number((count / 1e9).toPrecision(2))} billion`
  return count >= 1e6 ? `${Math.round(count / 1e6)} million` : String(count)
}
