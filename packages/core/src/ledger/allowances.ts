import type { LimitReport, LimitRule } from '../contract/limit.js'
import {
  type Allowance,
  type Baseline,
  isInertAllowance,
  isReported,
  limitOf,
  newerBaseline,
  nextFreeAt,
  tidied,
  usedAt,
} from './allowance.js'
import { BoundedMap } from './bounded-map.js'
import { amountIn, bothAllowances, counting, keyOfAllowance, keyOfRule, unknown } from './allowance-parts.js'
import { sumOfLogs } from './event-log.js'
import { isShort, LONGEST_WAIT_MS, windowInWords } from './limit-windows.js'
import type { Obstacle } from './standing.js'
import { keyOf, originOf, type Target } from './target.js'

/** What one request may take of each unit. */
export interface Need {
  readonly requests: number
  readonly tokens: number
}

/** A request that has been counted and has not ended. */
export interface CountedClaim {
  readonly target: Target
  readonly at: number
  /** The allowances it was counted in, and how much. */
  readonly counted: readonly { readonly key: string; readonly amount: number }[]
  /** Whether something of its answer came: then the back end has counted it. */
  seen: boolean
}

/** All allowances that are declared or were reported. */
export class Allowances {
  readonly #entries: BoundedMap<Allowance>
  /** Keys of the undeclared ones, by provider and model. Made anew when one comes or goes. */
  #undeclared: Map<string, string[]> | undefined
  /** Verdicts at one moment: many models share few allowances. */
  #judged: { now: number; tokens: number; verdicts: Map<string, Obstacle | 'free'> } | undefined

  constructor(limit: number) {
    this.#entries = new BoundedMap<Allowance>(limit, isInertAllowance)
  }

  /** The allowances that have nothing left for the need. */
  obstacles(target: Target, rules: readonly LimitRule[], need: Need, now: number): readonly Obstacle[] {
    if (this.#judged?.now !== now || this.#judged.tokens !== need.tokens)
      this.#judged = { now, tokens: need.tokens, verdicts: new Map() }
    const { verdicts } = this.#judged
    const found: Obstacle[] = []
    for (const { key, rule } of this.#fallingOn(target, rules)) {
      let verdict = verdicts.get(key)
      if (verdict === undefined) {
        verdict = this.#judge(this.#get(key, target, rule), need, now) ?? 'free'
        verdicts.set(key, verdict)
      }
      if (verdict !== 'free') found.push(verdict)
    }
    return found
  }

  /** Counts a request that is being sent, and says where. */
  count(target: Target, rules: readonly LimitRule[], need: Need, now: number): CountedClaim['counted'] {
    return this.#fallingOn(target, rules).flatMap(({ key, rule }) => {
      const allowance = this.#get(key, target, rule)
      if (allowance === undefined || allowance.unit === 'usd') return []
      const amount = need[allowance.unit]
      this.#set(key, counting(tidied(allowance, now), now, amount), now)
      return [{ key, amount }]
    })
  }

  /** Puts right what was counted when the request began: what it really took; nothing for what does not count. */
  correct(claim: CountedClaim, took: (allowance: Allowance, counted: number) => number, now: number): void {
    for (const { key, amount } of claim.counted) {
      const allowance = this.#entries.get(key)
      if (allowance === undefined) continue
      const difference = took(allowance, amount) - amount
      if (difference !== 0) this.#set(key, counting(allowance, claim.at, difference), now)
    }
  }

  /**
   * Believes what a back end said. `claim` is the request whose answer said it; `open` those under way, which it may
   * not have counted yet: they are counted on top, and the next report puts that right.
   */
  note(
    place: Target,
    rules: readonly LimitRule[],
    report: LimitReport,
    now: number,
    claim: CountedClaim | undefined,
    open: Iterable<CountedClaim>,
  ): void {
    const { until } = report
    const limit = amountIn(report.limit)
    const remaining = amountIn(report.remaining)
    const rule = rules.find(({ id, unit }) => id === report.rule && unit === report.unit)
    const fresh = unknown(place, report)
    const key = rule === undefined ? keyOfAllowance(fresh) : keyOfRule(rule, place)
    const before = this.#get(key, place, rule) ?? fresh
    const known = limitOf(before)
    // Without a limit the most that was ever left is the best guess at it.
    const told =
      limit ?? (remaining !== undefined && (known === undefined || remaining > known) ? remaining : undefined)
    const full = told ?? known
    const at = Math.min(claim?.at ?? now, now - (amountIn(report.maxAgeMs) ?? 0))
    const under = [...open].filter((other) => !other.seen && other !== claim && other.at <= at)
    const ahead = under.flatMap(({ counted }) => counted).filter((one) => one.key === key)
    const baseline: Baseline | undefined =
      remaining === undefined || full === undefined
        ? undefined
        : {
            at,
            used: Math.max(0, full - remaining) + ahead.reduce((sum, { amount }) => sum + amount, 0),
            ...(until !== undefined && until > now && { until: Math.min(until, now + LONGEST_WAIT_MS) }),
          }
    const believed = newerBaseline(before.baseline, baseline)
    this.#set(
      key,
      {
        ...before,
        ...(told !== undefined && { told: { limit: told, at: now } }),
        ...(believed !== undefined && { baseline: believed }),
      },
      now,
    )
  }

  /** A refusal that named the time: nothing is left of the rule until then. False when that is longer than its window. */
  exhaust(rule: LimitRule, until: number, { target, at }: CountedClaim, now: number): boolean {
    const longest =
      rule.window.kind === 'rolling'
        ? rule.window.ms
        : rule.window.kind === 'utc-day'
          ? 86_400_000
          : LONGEST_WAIT_MS
    if (until - now > longest + 60_000) return false
    const key = keyOfRule(rule, target)
    const before = this.#get(key, target, rule)
    if (before === undefined) return false
    const used = limitOf(before) ?? rule.amount
    const baseline = newerBaseline(before.baseline, { at, used, until })
    this.#set(key, { ...before, ...(baseline !== undefined && { baseline }) }, now)
    return true
  }

  /** Takes in what another process counted. `sent` of each is then what is stored plus what is not yet. */
  adopt(allowances: readonly Allowance[], now: number): void {
    for (const stored of allowances) {
      const key = keyOfAllowance(stored)
      const own = this.#entries.get(key)
      this.#set(key, own === undefined ? { ...stored, unsaved: [] } : bothAllowances(own, stored), now)
    }
  }

  /** Calls everything saved; the returned function undoes that. */
  handOver(now: number): () => void {
    const taken = [...this.#entries.values()].filter(({ unsaved }) => unsaved.length > 0)
    for (const allowance of taken) this.#set(keyOfAllowance(allowance), { ...allowance, unsaved: [] }, now)
    return () => {
      for (const before of taken) {
        const key = keyOfAllowance(before)
        const found = this.#entries.get(key)
        if (found !== undefined)
          this.#set(key, { ...found, unsaved: sumOfLogs(before.unsaved, found.unsaved) }, now)
      }
    }
  }

  forget(provider: string): void {
    this.#entries.removeWhere((allowance) => allowance.provider === provider)
    this.#changed()
  }

  all(): Allowance[] {
    return [...this.#entries.values()]
  }

  /** The allowances a target falls under, also those of which nothing is known but their rule. */
  of(target: Target, rules: readonly LimitRule[]): Allowance[] {
    return this.#fallingOn(target, rules).flatMap(({ key, rule }) => this.#get(key, target, rule) ?? [])
  }

  #judge(allowance: Allowance | undefined, need: Need, now: number): Obstacle | undefined {
    if (allowance === undefined || allowance.unit === 'usd') return undefined
    const { rule, unit, provider, id, scope } = allowance
    if (rule === undefined && !isReported(allowance, now)) return undefined
    const limit = limitOf(allowance)
    const wanted = need[unit]
    if (limit === undefined || usedAt(allowance, now) + wanted <= limit) return undefined
    const until = nextFreeAt(allowance, wanted, now)
    const isRate = rule === undefined ? until !== 'never' && until - now <= 3_600_000 : isShort(rule.window)
    const span = rule === undefined ? 'in the present window' : `a ${windowInWords(rule.window)}`
    const reason = `The ${limit} ${unit} ${span} of this ${scope} at ${provider} are used up (${id}).`
    return { why: 'limit', code: isRate ? 'rate-limit' : 'quota', reason, until, lastResort: false }
  }

  #fallingOn(
    target: Target,
    rules: readonly LimitRule[],
  ): { readonly key: string; readonly rule?: LimitRule }[] {
    const found: { key: string; rule?: LimitRule }[] = rules.map((rule) => ({
      key: keyOfRule(rule, target),
      rule,
    }))
    if (this.#entries.size === 0) return found
    for (const model of ['', target.model]) {
      for (const key of this.#undeclaredOf(target, model)) {
        const origin = this.#entries.get(key)?.origin
        if (origin === undefined || origin === originOf(target)) found.push({ key })
      }
    }
    return found
  }

  #undeclaredOf({ provider }: Target, model: string): readonly string[] {
    if (this.#undeclared === undefined) {
      this.#undeclared = new Map()
      for (const allowance of this.#entries.values()) {
        // Those with a rule are known from the store, and declared again as soon as they are asked about.
        if (allowance.rule !== undefined) continue
        const place = keyOf(allowance.provider, '', allowance.model)
        const keys = this.#undeclared.get(place)
        if (keys === undefined) this.#undeclared.set(place, [keyOfAllowance(allowance)])
        else keys.push(keyOfAllowance(allowance))
      }
    }
    return this.#undeclared.get(keyOf(provider, '', model)) ?? []
  }

  /** What is known; a rule that is declared differently now is taken as it is now. */
  #get(key: string, target: Target, rule: LimitRule | undefined): Allowance | undefined {
    const found = this.#entries.get(key)
    if (rule === undefined) return found
    if (found !== undefined) return found.rule === rule ? found : { ...found, scope: rule.scope, rule }
    const { id, scope, unit } = rule
    const place = {
      ...(scope === 'model' && { model: target.model }),
      ...(scope === 'endpoint' && { origin: originOf(target) }),
    }
    return { provider: target.provider, id, scope, unit, ...place, rule, sent: [], unsaved: [] }
  }

  #set(key: string, allowance: Allowance, now: number): void {
    const isNew = this.#entries.get(key) === undefined
    this.#entries.set(key, allowance, now)
    if (isNew) this.#changed()
    else this.#judged = undefined
  }

  #changed(): void {
    this.#undeclared = undefined
    this.#judged = undefined
  }
}
