import type { Locality } from '../contract/locality.js'
import type { ModelCard } from '../contract/model-card.js'
import type { Price } from '../contract/price.js'
import type { Task } from '../contract/task.js'
import { placeOfProvider } from './places.js'
import type { ScorePartName } from './policies.js'
import { guessQuality } from './score-quality.js'

/** What real traffic showed of a candidate lately; the ledger's summary fits as it is. */
export interface SeenPerformance {
  /** From the call to the first piece of an answer, ms; loading excluded. */
  readonly firstTokenMs?: { readonly p50: number; readonly p95: number }
  readonly msPerToken?: number
  /** How long loading the model took, ms; counts while it is not loaded. */
  readonly loadMs?: { readonly p50: number }
  /** Share of attempts that gave a usable answer, from 0 to 1. */
  readonly successRate: number
  /** How many attempts that is drawn from. */
  readonly samples: number
}

/** How a candidate stands at this moment. */
export interface ScoredStanding {
  /** Time until it may be asked again, ms; `Infinity`: not until somebody acts. Absent or 0: now. */
  readonly usableInMs?: number
  /** What is left of its tightest allowance, from 0 to 1. Absent: not known or unlimited. */
  readonly quotaLeft?: number
  /** For people: why it may not be asked now. */
  readonly why?: string
}

/** One candidate, as far as scoring is concerned. */
export interface ScoreInput {
  /** The provider's id. */
  readonly provider: string
  readonly model: string
  readonly locality: Locality
  readonly card?: ModelCard
  readonly performance?: SeenPerformance
  readonly standing?: ScoredStanding
  /** Place in the caller's order, from 0. */
  readonly place: number
}

/** One part of a score, from 0, worst, to 1. `known: false`: nothing is known and the value is neutral. */
export interface ScorePart {
  readonly name: ScorePartName
  readonly value: number
  readonly known: boolean
  /** One short phrase for people. */
  readonly reason: string
}

/** What a part is worth when nothing is known. Most targets do answer, so availability starts higher. */
export const NEUTRAL = { quality: 0.5, speed: 0.5, availability: 0.8, price: 0.5 } as const

/** Tokens of the answer that speed is judged by. */
const TYPICAL_TOKENS = 200
/** Time for such an answer that is worth half, ms. */
const TYPICAL_MS = 4_000
/** Taken where only the first token was measured. */
const TYPICAL_MS_PER_TOKEN = 15
/** Observations the prior weighs as much as. */
const PRIOR_WEIGHT = { quality: 10, speed: 2, availability: 5 } as const
/** A rest worth half, ms. */
const REST_MS = 10_000
/** Share of an allowance under which it is spared. */
const SCARCE = 0.1
/** What must happen before a model can answer. */
const STATE_FACTOR = { loaded: 1, hosted: 1, installed: 0.8, downloadable: 0.1 } as const

/** The published or size-based guess, lowered by failures that were seen. */
export function qualityPart({ model, card, performance }: ScoreInput, task: Task): ScorePart {
  const guess = guessQuality(model, card, task)
  const prior = guess.value ?? NEUTRAL.quality
  const samples = performance?.samples ?? 0
  const seen = shrunk(performance?.successRate ?? 1, samples, 1, PRIOR_WEIGHT.quality)
  return { name: 'quality', value: prior * seen, known: guess.value !== undefined, reason: guess.reason }
}

/** Time of a typical answer, from what was measured; a model to be loaded or fetched first is slower. */
export function speedPart({ card, performance }: ScoreInput): ScorePart {
  const first = performance?.firstTokenMs
  const untilReady =
    card?.state === 'downloadable'
      ? 'must be fetched first'
      : card?.state === 'installed'
        ? 'must be loaded first'
        : undefined
  const load = card?.state === 'installed' ? performance?.loadMs : undefined
  // A load that was measured is counted as time, not guessed as a share.
  const factor = card === undefined || load !== undefined ? 1 : STATE_FACTOR[card.state]
  if (first === undefined || performance === undefined) {
    return {
      name: 'speed',
      value: NEUTRAL.speed * factor,
      known: untilReady !== undefined,
      reason: untilReady ?? 'speed not known',
    }
  }
  // Mostly the usual wait, but the bad days count too.
  const wait = 0.7 * first.p50 + 0.3 * first.p95 + (load?.p50 ?? 0)
  const answer = wait + TYPICAL_TOKENS * (performance.msPerToken ?? TYPICAL_MS_PER_TOKEN)
  const value = shrunk(1 / (1 + answer / TYPICAL_MS), performance.samples, NEUTRAL.speed, PRIOR_WEIGHT.speed)
  const reason = `${seconds(first.p50)} to first token lately`
  return {
    name: 'speed',
    value: value * factor,
    known: true,
    reason: untilReady === undefined ? reason : `${reason}, ${untilReady}`,
  }
}

/** How often it answered lately, less when it is resting or its allowance runs out. */
export function availabilityPart({ performance, standing }: ScoreInput): ScorePart {
  const samples = performance?.samples ?? 0
  const rate = performance?.successRate ?? NEUTRAL.availability
  const usual = shrunk(rate, samples, NEUTRAL.availability, PRIOR_WEIGHT.availability)
  const restMs = Math.max(0, standing?.usableInMs ?? 0)
  const left = standing?.quotaLeft
  const scarce = left !== undefined && left < SCARCE
  const value = (usual / (1 + restMs / REST_MS)) * (scarce ? 0.5 + (0.5 * Math.max(0, left)) / SCARCE : 1)
  return {
    name: 'availability',
    value,
    known: samples > 0 || restMs > 0 || left !== undefined,
    reason: availabilityReason(samples, rate, restMs, standing?.why, scarce ? left : undefined),
  }
}

/** What an answer costs. Local models are free. */
export function pricePart(input: ScoreInput): ScorePart {
  const { card } = input
  if (card?.free === true || isLocal(input)) return { name: 'price', value: 1, known: true, reason: 'free' }
  // Some lists say -1 for "depends".
  if (card?.price === undefined || !isPrice(card.price))
    return { name: 'price', value: NEUTRAL.price, known: false, reason: 'price not known' }
  // Prompts are longer than answers: three to one is what price lists of the field are compared by.
  const blended = (3 * card.price.inputPerMillion + card.price.outputPerMillion) / 4
  return {
    name: 'price',
    value: 1 / (1 + blended),
    known: true,
    reason: `$${Number(blended.toPrecision(2))} a million tokens`,
  }
}

/** Whether prompts stay on this machine. */
export function localityPart(input: ScoreInput): ScorePart {
  return isLocal(input)
    ? { name: 'locality', value: 1, known: true, reason: 'local' }
    : { name: 'locality', value: 0, known: true, reason: 'remote' }
}

/** The place in the caller's order. */
export function orderPart({ place }: ScoreInput, places: number): ScorePart {
  return {
    name: 'order',
    value: places <= 0 ? 1 : Math.max(0, 1 - place / places),
    known: true,
    reason: `number ${placeOfProvider(place) + 1} in the caller’s order`,
  }
}

function isLocal({ locality, card }: ScoreInput): boolean {
  return locality === 'local' && card?.state !== 'hosted'
}

/** What was seen, drawn towards the prior while little was seen. */
function shrunk(seen: number, samples: number, prior: number, priorWeight: number): number {
  return (seen * samples + prior * priorWeight) / (samples + priorWeight)
}

function availabilityReason(
  samples: number,
  rate: number,
  restMs: number,
  why: string | undefined,
  left: number | undefined,
): string {
  if (restMs === Infinity) return why ?? 'not usable as it stands'
  if (restMs > 0) return `${why ?? 'resting'}, usable in ${seconds(restMs)}`
  if (left !== undefined) return `${Math.round(left * 100)} % of its allowance left`
  if (samples === 0) return 'not tried lately'
  return `answered ${Math.round(rate * 100)} % of ${samples} lately`
}

function seconds(ms: number): string {
  return ms >= 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 100) / 10} s`
}

function isPrice({ inputPerMillion, outputPerMillion }: Price): boolean {
  return [inputPerMillion, outputPerMillion].every((price) => Number.isFinite(price) && price >= 0)
}
