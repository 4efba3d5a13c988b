import type { Locality } from '../contract/locality.js'
import type { ModelCard } from '../contract/model-card.js'
import { checkAmount, notAsExpected } from './score-fault.js'
import { nearestNames } from './spelling.js'

/** What candidates are scored on. `order` is the place in the caller's own order. */
export const SCORE_PARTS = ['quality', 'speed', 'availability', 'price', 'locality', 'order'] as const

/** One of {@link SCORE_PARTS}. */
export type ScorePartName = (typeof SCORE_PARTS)[number]

/** How much each part counts, from 0 up; only their proportion matters. */
export type Weights = Readonly<Record<ScorePartName, number>>

/** What no candidate may cross, whatever its score. */
export interface Floors {
  /** Nothing leaves this machine. */
  readonly localOnly?: boolean
  /** Only what is known to cost nothing. */
  readonly zeroCost?: boolean
  /** Windows known to be smaller are out. */
  readonly minContextTokens?: number
}

/** How candidates are put in order. */
export interface Policy {
  readonly name: string
  readonly weights: Weights
  /** A candidate that is usable again within this time stands as if it were usable now, ms. */
  readonly patienceMs: number
  readonly floors: Floors
}

/**
 * The presets.
 * - `ordered` (default): the caller's order; availability decides only between equals.
 * - `balanced`: a bit of everything. `fast`, `best`: mostly speed, mostly quality.
 * - `private`: only local. `free`: only what costs nothing.
 */
export type PolicyName = 'ordered' | 'balanced' | 'fast' | 'best' | 'private' | 'free'

/** A policy of the user's own: a preset with other weights, patience or more floors. */
export interface PolicyOptions {
  /** Default `balanced`. */
  readonly base?: PolicyName
  readonly weights?: Partial<Weights>
  readonly patienceMs?: number
  /** Added to those of the base: a floor is never taken away. */
  readonly floors?: Floors
}

/** What the engine itself waits for on the favourite rather than go elsewhere, ms. */
export const DEFAULT_PATIENCE_MS = 3_000

const preset = (
  name: PolicyName,
  [quality, speed, availability, price, locality, order]: readonly [
    number,
    number,
    number,
    number,
    number,
    number,
  ],
  floors: Floors = {},
): Policy => ({
  name,
  weights: { quality, speed, availability, price, locality, order },
  patienceMs: DEFAULT_PATIENCE_MS,
  floors,
})

/** Every preset by name. */
export const POLICIES: Readonly<Record<PolicyName, Policy>> = {
  // A thousandth: below one step of order as long as there are fewer than a thousand candidates.
  ordered: /* @__PURE__ */ preset('ordered', [0, 0, 0.001, 0, 0, 1]),
  balanced: /* @__PURE__ */ preset('balanced', [3, 2, 3, 2, 1, 1]),
  fast: /* @__PURE__ */ preset('fast', [1, 6, 3, 0.5, 0, 0.5]),
  best: /* @__PURE__ */ preset('best', [8, 0.5, 2, 0, 0, 0.5]),
  private: /* @__PURE__ */ preset('private', [3, 2, 3, 0, 0, 1], { localOnly: true }),
  free: /* @__PURE__ */ preset('free', [3, 1, 3, 0, 0, 1], { zeroCost: true }),
}

/**
 * The policy somebody asked for. Errors: `bad-request` for a name that is none, a weight or patience that
 * is no number from 0 up, or weights that are all 0; `field` says where.
 */
export function readPolicy(given: PolicyName | PolicyOptions | undefined, field = 'policy'): Policy {
  if (given === undefined) return POLICIES.ordered
  if (typeof given === 'string') return policyNamed(given, field)
  const base = policyNamed(given.base ?? 'balanced', `${field}.base`)
  const weights = { ...base.weights }
  for (const [name, weight] of Object.entries(given.weights ?? {})) {
    if (!isPartName(name)) throw notAsExpected(`${field}.weights.${name}`, `one of ${SCORE_PARTS.join(', ')}`)
    if (weight === undefined) continue
    checkAmount(weight, `${field}.weights.${name}`)
    weights[name] = weight
  }
  if (Object.values(weights).every((weight) => weight === 0))
    throw notAsExpected(`${field}.weights`, 'not all 0')
  const { patienceMs = base.patienceMs } = given
  checkAmount(patienceMs, `${field}.patienceMs`)
  return {
    name: given.weights === undefined ? base.name : `${base.name} with weights of its own`,
    weights,
    patienceMs,
    floors: joinFloors(base.floors, given.floors),
  }
}

/** Both floors at once. */
export function joinFloors(one: Floors, other: Floors = {}): Floors {
  const tokens = Math.max(one.minContextTokens ?? 0, other.minContextTokens ?? 0)
  return {
    ...((one.localOnly || other.localOnly) && { localOnly: true }),
    ...((one.zeroCost || other.zeroCost) && { zeroCost: true }),
    ...(tokens > 0 && { minContextTokens: tokens }),
  }
}

/**
 * Why a candidate is out, for people; undefined when it crosses no floor. A remote one nobody says is free is not,
 * and an unknown window is not too small.
 */
export function floorCrossed(
  floors: Floors,
  locality: Locality,
  card: Partial<Pick<ModelCard, 'state' | 'free' | 'contextTokens'>> | undefined,
): string | undefined {
  const isLocal = locality === 'local' && card?.state !== 'hosted'
  if (floors.localOnly && !isLocal) return 'the request must stay on this machine'
  if (floors.zeroCost && !isLocal && card?.free !== true)
    return card?.free === undefined ? 'nobody says it is free, and only free ones are wanted' : 'costs money'
  const window = card?.contextTokens
  if (floors.minContextTokens !== undefined && window !== undefined && window < floors.minContextTokens)
    return `has a window of ${window} tokens, ${floors.minContextTokens} are needed`
  return undefined
}

function policyNamed(name: string, field: string): Policy {
  if (Object.hasOwn(POLICIES, name)) return POLICIES[name as PolicyName]
  const names = Object.keys(POLICIES)
  const near = nearestNames(name, names)
  const hint = near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined
  throw notAsExpected(field, `one of ${names.join(', ')}`, hint)
}

/** Whether a name is one of a part of a score. */
export function isPartName(name: string): name is ScorePartName {
  return (SCORE_PARTS as readonly string[]).includes(name)
}
