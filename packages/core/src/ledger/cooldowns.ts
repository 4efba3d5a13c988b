import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.js'
import { BoundedMap } from './bounded-map.js'
import type { Pause } from './lesson.js'
import type { Obstacle } from './standing.js'
import { keyOf, originOf, type Target } from './target.js'

/**
 * What a cooldown is about. `rule`: all models that share a declared allowance; `unruled`: all models of an account
 * that fall under none, as those that are paid for.
 */
export type CooldownArea =
  | 'model'
  | 'endpoint'
  | 'provider'
  | 'key'
  | 'account'
  | 'unruled'
  | 'rule'
  | 'machine'

/** A stretch of time in which something is left alone. */
export interface Cooldown {
  readonly area: CooldownArea
  /** Empty for the machine. */
  readonly provider: string
  /** The model, the origin or the id of the rule; empty where the area needs none. */
  readonly name: string
  readonly code: ErrorCode
  /** ms since 1970. Never moves to an earlier time. */
  readonly until: number
  /** Failures in a row. */
  readonly strikes: number
  readonly lastResort: boolean
  /** When it was last changed, ms since 1970. */
  readonly at: number
}

/** When something is learned: the request began at `begunAt` and ended at `now`; `random` is from 0 up to 1. */
export interface LearningMoment {
  readonly begunAt: number
  readonly now: number
  readonly random: number
}

/** After this much quiet a failure counts as the first one, ms. */
const STRIKES_FORGOTTEN_MS = 3_600_000

/** Failures in a row that are taken at their word. */
const PATIENCE = 2
/** Pauses after that, ms. */
const NOT_HELPING: readonly number[] = [15_000, 60_000, 180_000, 600_000]

/** Codes of failures that end when a person acts: the next process may be that act. */
const A_PERSON_ACTS: ReadonlySet<ErrorCode> = new Set(['auth', 'needs-setup'])

/** Everything that is being left alone for a while. */
export class Cooldowns {
  readonly #entries: BoundedMap<Cooldown>
  /** Those that have any. Made anew after a change. */
  #providers: Set<string> | undefined

  constructor(limit: number) {
    this.#entries = new BoundedMap<Cooldown>(limit, ({ until }, now) => until <= now)
  }

  /** What keeps a target from being used. `rules` are the ids of the account's and key's allowances it falls under. */
  obstacles(target: Target, rules: readonly string[], now: number): readonly Obstacle[] {
    const found: Obstacle[] = []
    this.#forEach(target, rules, ({ code, until, lastResort, ...place }) => {
      if (until <= now) return
      const isLimit = code === 'rate-limit' || code === 'quota'
      const reason = `${ERROR_CODES[code].meaning} This holds for ${areaInWords(place)}.`
      found.push({ why: isLimit ? 'limit' : 'cooldown', code, reason, until, lastResort })
    })
    return found
  }

  /**
   * Learns from a failure. Requests that were under way together are one failure; guessed pauses are spread by a tenth
   * either way.
   */
  learn(
    place: { readonly area: CooldownArea; readonly provider: string; readonly name: string },
    code: ErrorCode,
    pause: Pause,
    moment: LearningMoment,
  ): void {
    const { begunAt, now, random } = moment
    const key = keyFor(place.area, place.provider, place.name)
    const before = this.#entries.get(key)
    const strikes = strikesAfter(before, begunAt, now)
    const { told, ladder } = pause
    // A time that was told and kept, and did not help, again and again: somebody else is faster each time.
    const step = told === undefined ? stepOf(ladder, strikes) : stepOf(NOT_HELPING, strikes - PATIENCE)
    const until = Math.max(told ?? 0, step === 0 ? now : Math.floor(now + step * (0.9 + 0.2 * random)))
    const lastResort = pause.lastResort || until !== told
    const learned: Cooldown = { ...place, code, until, strikes, lastResort, at: now }
    this.#set(key, before === undefined ? learned : laterOf(before, learned), now)
  }

  /** A target answered: the next failure is the first in a row again. No cooldown ends by this. */
  relax(target: Target, rules: readonly string[], now: number): void {
    this.#forEach(target, rules, (found, key) => {
      if (found.strikes > 0) this.#set(key, { ...found, strikes: 0, at: now }, now)
    })
  }

  /** Takes in what another process learned. */
  adopt(cooldowns: readonly Cooldown[], now: number): void {
    for (const cooldown of cooldowns) {
      const key = keyFor(cooldown.area, cooldown.provider, cooldown.name)
      const before = this.#entries.get(key)
      this.#set(key, before === undefined ? cooldown : laterOf(before, cooldown), now)
    }
  }

  forget(provider: string): void {
    this.#entries.removeWhere((cooldown) => cooldown.provider === provider)
    this.#providers = undefined
  }

  all(): Cooldown[] {
    return [...this.#entries.values()]
  }

  #set(key: string, cooldown: Cooldown, now: number): void {
    this.#entries.set(key, cooldown, now)
    this.#providers = undefined
  }

  /** Every cooldown of an area the target lies in. Made for many targets, of which few have any. */
  #forEach(target: Target, rules: readonly string[], use: (cooldown: Cooldown, key: string) => void): void {
    if (this.#entries.size === 0) return
    const { provider } = target
    const providers = (this.#providers ??= new Set(
      [...this.#entries.values()].map((cooldown) => cooldown.provider),
    ))
    const consider = (area: CooldownArea, name: string): void => {
      const key = keyFor(area, provider, name)
      const found = this.#entries.get(key)
      if (found !== undefined) use(found, key)
    }
    if (target.locality !== 'local') consider('machine', '')
    if (!providers.has(provider)) return
    consider('model', target.model)
    consider('endpoint', originOf(target))
    consider('provider', '')
    consider('key', '')
    consider('account', '')
    if (rules.length === 0) consider('unruled', '')
    for (const rule of rules) consider('rule', rule)
  }
}

/** The cooldowns that hold at `now`. */
export function activeCooldowns(cooldowns: readonly Cooldown[], now: number): Cooldown[] {
  return cooldowns.filter(({ until }) => until > now)
}

/** Worth writing down for later processes. */
export function isLasting({ code, until, strikes }: Cooldown, now: number): boolean {
  return !A_PERSON_ACTS.has(code) && (until > now || (strikes > 0 && now - until < STRIKES_FORGOTTEN_MS))
}

/** Both together: it ends with the one that ends later. Commutative, associative, idempotent. */
export function laterOf(one: Cooldown, other: Cooldown): Cooldown {
  const longer = compare(one, other) >= 0 ? one : other
  const { at, strikes } =
    one.at === other.at
      ? { at: one.at, strikes: Math.max(one.strikes, other.strikes) }
      : one.at > other.at
        ? one
        : other
  return { ...longer, at, strikes }
}

function compare(one: Cooldown, other: Cooldown): number {
  if (one.until !== other.until) return one.until - other.until
  if (one.lastResort !== other.lastResort) return one.lastResort ? -1 : 1
  return one.code === other.code ? 0 : one.code > other.code ? 1 : -1
}

function stepOf(ladder: readonly number[], strikes: number): number {
  return ladder[Math.min(strikes, ladder.length) - 1] ?? 0
}

function strikesAfter(before: Cooldown | undefined, begunAt: number, now: number): number {
  if (before === undefined || now - before.until > STRIKES_FORGOTTEN_MS) return 1
  return begunAt >= before.at ? before.strikes + 1 : Math.max(1, before.strikes)
}

function keyFor(area: CooldownArea, provider: string, name: string): string {
  return area === 'machine' ? area : keyOf(area, provider, name)
}

function areaInWords({ area, name, provider }: Pick<Cooldown, 'area' | 'name' | 'provider'>): string {
  switch (area) {
    case 'model':
      return `the model ${name} of ${provider}`
    case 'endpoint':
      return name === provider ? name : `${name} (${provider})`
    case 'rule':
      return `the models of ${provider} that share the allowance ${name}`
    case 'unruled':
      return `the models of ${provider} that share no declared allowance`
    case 'machine':
      return 'the network of this machine'
    default:
      return area === 'provider' ? `everything of ${provider}` : `the ${area} at ${provider}`
  }
}
