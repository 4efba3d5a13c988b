import type { ModelCard } from '../contract/model-card.js'
import type { Task } from '../contract/task.js'
import { QUALITY_PRIORS } from './quality-priors.js'

/** A guess at how well a model does a task, before anything was seen of it. */
export interface QualityGuess {
  /** From 0 to 1; undefined when neither its size nor its family is known. */
  readonly value: number | undefined
  /** For people: `70B`, `published for llama-3.3`. */
  readonly reason: string
}

/** Sizes this far apart are not the same model: a row speaks for no other size. */
const SAME_SIZE = 1.35
/** Models made for code, by what their names say. */
const MADE_FOR_CODE = /(?:^|-)(?:coder?|codestral|devstral|starcoder|codellama|codegemma)(?:-|$)/
/** Most names remembered; a catalogue of a hosted provider has some hundreds. */
const MOST_REMEMBERED = 1_000

const remembered = new Map<string, QualityGuess>()

/**
 * Quality by family and size: a published number where there is one for this very size, else a curve
 * through them. Embedding models have no prior: which one is right is decided by their space.
 */
export function guessQuality(model: string, card: ModelCard | undefined, task: Task): QualityGuess {
  if (task === 'embeddings') return { value: undefined, reason: 'quality not known' }
  const key = `${task} ${card?.parameters ?? ''} ${model}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const guess = guessOf(plainModelName(model), card?.parameters, task)
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(key, guess)
  return guess
}

function guessOf(name: string, parameters: number | undefined, task: 'chat' | 'code'): QualityGuess {
  const isCount = parameters !== undefined && parameters > 0 && parameters < Infinity
  const billions = isCount ? parameters / 1e9 : billionsOfName(name)
  const row = QUALITY_PRIORS.find(
    (published) =>
      isOfFamily(name, published.family) &&
      (published.billions === undefined || billions === undefined || near(published.billions, billions)),
  )
  // A family without a size in the name: only where one size is all there is of it.
  const only = row?.billions === undefined || billions !== undefined || isOnlySize(row.family)
  const size = billions ?? (only ? row?.billions : undefined)
  const published = only ? row?.[task] : undefined
  if (published !== undefined && row !== undefined)
    return { value: published, reason: size === undefined ? row.family : sizeText(size) }
  if (size === undefined) return { value: undefined, reason: 'quality not known' }
  return { value: bySize(size, task, MADE_FOR_CODE.test(name)), reason: sizeText(size) }
}

/**
 * The curve through the rows: half of the best at 4 billion weights for MMLU-Pro, at 1 billion for
 * HumanEval; a model made for code does better there and worse elsewhere. A test holds it to the rows.
 */
export function bySize(billions: number, task: 'chat' | 'code', madeForCode: boolean): number {
  const effective = madeForCode ? billions * (task === 'code' ? 2 : 0.5) : billions
  return task === 'chat' ? 0.82 / (1 + (4 / effective) ** 0.8) : 0.95 / (1 + (1.1 / effective) ** 0.8)
}

/**
 * An id as names are compared: lower case, without organisation, letters and numbers parted by dashes:
 * `meta-llama/Llama-3.1-8B-Instruct` and `llama3.1:8b-instruct` become `llama-3.1-8b-instruct`.
 */
export function plainModelName(id: string): string {
  return id
    .slice(id.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/[-_:\s]+/g, '-')
    .replace(/(?<=[a-z])(?=\d)/g, '-')
}

/** `8b`, `0.5b`, `270m`, `8x7b` in a name, in billions. */
export function billionsOfName(name: string): number | undefined {
  const match = /(?:^|-)(?:(\d+)-?x-?)?(\d+(?:\.\d+)?)(b|m)(?=-|$)/.exec(name)
  if (match === null) return undefined
  const [, experts, number, unit] = match
  return (Number(number) / (unit === 'm' ? 1_000 : 1)) * Number(experts ?? 1)
}

function isOfFamily(name: string, family: string): boolean {
  const at = name.indexOf(family)
  if (at < 0 || (at > 0 && name[at - 1] !== '-')) return false
  const after = name[at + family.length]
  return after === undefined || after === '-'
}

function isOnlySize(family: string): boolean {
  return QUALITY_PRIORS.filter((row) => row.family === family).length === 1
}

function near(a: number, b: number): boolean {
  return Math.max(a, b) / Math.min(a, b) <= SAME_SIZE
}

function sizeText(billions: number): string {
  if (billions < 1) return `${Math.round(billions * 1_000)}M`
  return `${billions < 10 ? Math.round(billions * 10) / 10 : Math.round(billions)}B`
}
