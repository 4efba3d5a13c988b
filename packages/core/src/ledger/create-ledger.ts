import type { LimitReport, LimitRule } from '../contract/limit.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { keyOfAllowance } from './allowance-parts.js'
import { Allowances, type CountedClaim } from './allowances.js'
import { Breakers } from './breakers.js'
import { activeCooldowns, type CooldownArea, Cooldowns, type LearningMoment } from './cooldowns.js'
import { breakerForecast, cooldownForecast, type Forecast, forecastOf } from './forecast.js'
import type { Claim, HandOver, Ledger, LedgerOptions, LedgerState, Outcome } from './ledger.js'
import { lessonOf, type Pause } from './lesson.js'
import { isShort } from './limit-windows.js'
import { speedOf, tookOf } from './outcome-facts.js'
import { type Performance, PerformanceRecords } from './performance.js'
import { type Standing, standingOf } from './standing.js'
import { originOf, shortTarget, type Target } from './target.js'

const DEFAULT_MAX_TARGETS = 256
/** A claim that nobody settled for so long is given up, ms. */
const ABANDONED_MS = 3_600_000
/** Most claims under way; beyond it the oldest are given up. */
const MOST_CLAIMS = 10_000
/** Steps into the future that {@link Ledger.nextServedAt} looks. */
const MOST_STEPS = 16

/** A request that was begun and not settled. */
interface OpenClaim extends CountedClaim {
  readonly rules: readonly LimitRule[]
}

/** Makes an empty ledger. */
export function createLedger(options: LedgerOptions = {}): Ledger {
  return new OwnLedger(options)
}

class OwnLedger implements Ledger {
  readonly #rulesOf: NonNullable<LedgerOptions['rules']>
  readonly #allowances: Allowances
  readonly #breakers: Breakers
  readonly #cooldowns: Cooldowns
  readonly #performance: PerformanceRecords
  readonly #open = new Map<Claim, OpenClaim>()
  #forgotten: LedgerState['forgotten'] = []
  version = 0

  constructor({ rules, maxTargets = DEFAULT_MAX_TARGETS }: LedgerOptions) {
    this.#allowances = new Allowances(maxTargets)
    this.#rulesOf = rules ?? (() => [])
    // A target has two: its own and that of its origin.
    this.#breakers = new Breakers(2 * maxTargets)
    this.#cooldowns = new Cooldowns(maxTargets)
    this.#performance = new PerformanceRecords(maxTargets)
  }

  standing(target: Target, now: number, tokens = 1): Standing {
    return this.#judge(shortTarget(target), this.#rulesOf(target.provider, target.model), now, tokens)
  }

  begin(given: Target, now: number, tokens = 1): Claim {
    const target = shortTarget(given)
    const rules = this.#rulesOf(given.provider, given.model)
    const standing = this.#judge(target, rules, now, tokens)
    const claim: Claim = { target, at: now, standing }
    this.#dropAbandoned(now)
    if (standing.usable && standing.halfOpen) this.#breakers.begin(target, claim, now)
    const counted = this.#allowances.count(target, rules, { requests: 1, tokens }, now)
    this.#open.set(claim, { target, at: now, counted, rules, seen: false })
    this.version += 1
    return claim
  }

  firstToken(claim: Claim, now: number): void {
    const open = this.#open.get(claim)
    if (open === undefined) return
    open.seen = true
    this.#breakers.firstToken(claim.target, claim, now)
  }

  settle(claim: Claim, outcome: Outcome, now: number, random = 0.5): void {
    const open = this.#open.get(claim)
    if (open === undefined) return
    this.#open.delete(claim)
    this.version += 1
    const { target } = claim
    const lesson = outcome.result === 'failed' ? lessonOf(outcome.error, now) : undefined
    this.#allowances.correct(open, tookOf(outcome, lesson), now)
    const moment = { begunAt: claim.at, now, random }
    if (outcome.result === 'answered') {
      this.#breakers.succeed(target, claim, claim.at, now, true)
      this.#cooldowns.relax(target, sharedRules(open.rules), now)
    } else if (outcome.result === 'failed' && lesson !== undefined) {
      const { ailment, pause } = lesson
      // Any answer, even a refusal, shows that the server can be reached.
      if (outcome.error.upstream?.status !== undefined)
        this.#breakers.succeed(target, claim, claim.at, now, false)
      if (ailment !== undefined) this.#breakers.fail(target, claim, ailment, outcome.error.code, moment)
      if (pause !== undefined) this.#rest(open, outcome.error, pause, moment)
    }
    this.#breakers.release(target, claim)
    if (outcome.result === 'answered')
      this.#performance.add(target, { at: now, ok: true, ...speedOf(outcome) })
    else if (lesson?.blamesTarget === true) this.#performance.add(target, { at: now, ok: false })
  }

  note(provider: string, model: string, report: LimitReport, now: number, claim?: Claim): void {
    const open = claim === undefined ? undefined : this.#open.get(claim)
    if (open !== undefined) open.seen = true
    const target = open?.target ?? shortTarget({ provider, model, origin: '' })
    const rules = this.#rulesOf(provider, report.model ?? model)
    this.#allowances.note(target, rules, report, now, open, this.#open.values())
    this.version += 1
  }

  performance(target: Target, now: number): Performance {
    return this.#performance.of(shortTarget(target), now)
  }

  forecast(now: number, targets: readonly Target[] = []): Forecast {
    const known = this.#allowances.all()
    const keys = new Set(known.map(keyOfAllowance))
    const untouched = targets.flatMap((target) =>
      this.#allowances
        .of(shortTarget(target), this.#rulesOf(target.provider, target.model))
        .filter((allowance) => {
          const key = keyOfAllowance(allowance)
          return !keys.has(key) && keys.add(key)
        }),
    )
    return {
      allowances: [...known, ...untouched].map((allowance) => forecastOf(allowance, now)),
      cooldowns: activeCooldowns(this.#cooldowns.all(), now).map(cooldownForecast),
      breakers: this.#breakers
        .all()
        .filter(({ failures, until }) => failures > 0 || until > 0)
        .map((breaker) => breakerForecast(breaker, now)),
    }
  }

  nextServedAt(targets: readonly Target[], now: number): number | 'never' | undefined {
    const times = targets.map((target) => this.#usableAt(target, now))
    const known = times.filter((at) => at !== 'never')
    return known.length > 0 ? Math.min(...known) : times[0]
  }

  forget(provider: string, now: number): void {
    this.#cooldowns.forget(provider)
    this.#allowances.forget(provider)
    this.#forgotten = [
      ...this.#forgotten.filter((other) => other.provider !== provider),
      // What happens later in this very millisecond is news, here and wherever this is read.
      { provider, at: now - 1 },
    ]
    this.version += 1
  }

  state(): LedgerState {
    return {
      forgotten: this.#forgotten,
      cooldowns: this.#cooldowns.all(),
      breakers: this.#breakers.all(),
      allowances: this.#allowances.all(),
      targets: this.#performance.all(),
    }
  }

  adopt(state: LedgerState, now: number): void {
    for (const { provider, at } of state.forgotten) {
      const known = this.#forgotten.find((other) => other.provider === provider)
      // Somebody else cleared it since: what we had learned before is in `state` no more.
      if (known === undefined || known.at < at) this.forget(provider, at + 1)
    }
    this.#cooldowns.adopt(state.cooldowns, now)
    this.#breakers.adopt(state.breakers, now)
    this.#allowances.adopt(state.allowances, now)
    this.#performance.adopt(state.targets, now)
  }

  handOver(now: number): HandOver {
    const state = this.state()
    return { state, takeBack: this.#allowances.handOver(now) }
  }

  /** Leaves alone what the failure is about. */
  #rest(claim: OpenClaim, { code }: OpenMuxError, pause: Pause, moment: LearningMoment): void {
    const { target, rules } = claim
    const { scope, told } = pause
    const isLimit = code === 'rate-limit' || code === 'quota'
    const learn = (area: CooldownArea, name = '', learned = pause): void => {
      const place = { area, provider: area === 'machine' ? '' : target.provider, name }
      this.#cooldowns.learn(place, code, learned, moment)
    }
    if ((scope === 'account' || scope === 'key') && (isLimit || code === 'credits')) {
      const shared = rules.filter(isShared)
      // The free models of an account say nothing about those that are paid for, nor the other way round.
      if (shared.length === 0) return learn('unruled')
      if (isLimit) {
        const fitting = shared.filter(({ window }) => isShort(window) === (code === 'rate-limit'))
        for (const rule of fitting.length > 0 ? fitting : shared) {
          // What was told corrects our count, and later reports may correct it again; what we guess is a cooldown.
          const corrected = told !== undefined && this.#allowances.exhaust(rule, told, claim, moment.now)
          learn('rule', rule.id, corrected ? { ...pause, told: moment.now } : pause)
        }
        return
      }
    }
    if (scope === 'model') learn(scope, target.model)
    else if (scope === 'endpoint') learn(scope, originOf(target))
    else learn(scope === 'machine' && code !== 'network' ? 'provider' : scope)
  }

  #judge(target: Target, rules: readonly LimitRule[], now: number, tokens: number): Standing {
    const { obstacles, halfOpen } = this.#breakers.judge(target, now)
    const limits = this.#allowances.obstacles(target, rules, { requests: 1, tokens }, now)
    const cooldowns = this.#cooldowns.obstacles(target, sharedRules(rules), now)
    return standingOf([...limits, ...cooldowns, ...obstacles], halfOpen)
  }

  #usableAt(target: Target, now: number): number | 'never' {
    let at = now
    for (let step = 0; step < MOST_STEPS; step += 1) {
      const standing = this.standing(target, at)
      if (standing.usable) break
      const { until } = standing
      if (until === 'never') return until
      if (until === undefined || until <= at) break
      at = until
    }
    return at
  }

  #dropAbandoned(now: number): void {
    // The oldest are the first.
    for (const [claim, { at }] of this.#open) {
      if (now - at < ABANDONED_MS && this.#open.size < MOST_CLAIMS) return
      this.#open.delete(claim)
    }
  }
}

function isShared({ scope }: LimitRule): boolean {
  return ['account', 'key', 'provider'].includes(scope)
}

function sharedRules(rules: readonly LimitRule[]): readonly string[] {
  return rules.filter(isShared).map(({ id }) => id)
}
