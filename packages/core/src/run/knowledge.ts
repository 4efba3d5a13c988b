import type { Clock } from '../contract/clock.js'
import type { LimitReport } from '../contract/limit.js'
import type { Provider } from '../contract/provider.js'
import type { Ledger, Outcome } from '../ledger/ledger.js'
import type { Performance } from '../ledger/performance.js'
import type { Standing } from '../ledger/standing.js'
import type { Target } from '../ledger/target.js'
import type { Connectivity } from './connectivity.js'

/** Answers that must have been seen before a target's usual speed is believed. */
const ENOUGH_SAMPLES = 12
/** How long a usual speed is not worked out again, ms: it is asked for on every request. */
const REMEMBERED_FOR = 1_000
const MOST_REMEMBERED = 256

/** One request to one target, from sending to settling. */
export interface BegunRequest {
  /** The first piece of the answer came. */
  firstToken(): void
  /** The back end said what is left of an allowance. */
  learn(limit: LimitReport): void
  /** How it ended. The second time does nothing. */
  settle(outcome: Outcome): void
}

/** What the runner asks of everything that is known of targets, and tells it: the ledger with the clock put in. */
export class Knowledge {
  readonly ledger: Ledger
  readonly connectivity: Connectivity
  readonly #clock: Clock
  readonly #random: () => number
  readonly #changed: () => void
  readonly #usual = new Map<string, { readonly ms: number | undefined; readonly until: number }>()
  /** Origins are asked for on every request; they never change. */
  readonly #origins = new WeakMap<Provider, string>()

  /** @param changed called when something was learned that is worth keeping. */
  constructor(
    ledger: Ledger,
    connectivity: Connectivity,
    clock: Clock,
    random: () => number,
    changed: () => void,
  ) {
    this.ledger = ledger
    this.connectivity = connectivity
    this.#clock = clock
    this.#random = random
    this.#changed = changed
  }

  now(): number {
    return this.#clock.now()
  }

  standing(provider: Provider, model: string): Standing {
    return this.ledger.standing(this.targetOf(provider, model), this.#clock.now())
  }

  begin(provider: Provider, model: string): BegunRequest {
    const { ledger } = this
    const clock = this.#clock
    const claim = ledger.begin(this.targetOf(provider, model), clock.now())
    return {
      firstToken: () => ledger.firstToken(claim, clock.now()),
      learn: (limit) => ledger.note(provider.id, model, limit, clock.now(), claim),
      settle: (outcome) => {
        ledger.settle(claim, outcome, clock.now(), this.#random())
        this.connectivity.learn(provider, outcome)
        this.#changed()
      },
    }
  }

  /** A back end said what is left of an allowance, beside any request. */
  note({ id }: Provider, limit: LimitReport): void {
    this.ledger.note(id, limit.model ?? '', limit, this.#clock.now())
    this.#changed()
  }

  performance(provider: Provider, model: string): Performance {
    return this.ledger.performance(this.targetOf(provider, model), this.#clock.now())
  }

  /** The time within which nearly all first tokens of a target came, ms; undefined while too little is known. */
  usualFirstTokenMs(provider: Provider, model: string): number | undefined {
    const name = `${provider.id} ${model}`
    const now = this.#clock.now()
    const known = this.#usual.get(name)
    if (known !== undefined && known.until > now) return known.ms
    const ms = this.#usualNow(provider, model)
    // Callers choose model names: this must not grow with them.
    if (this.#usual.size >= MOST_REMEMBERED) this.#usual.clear()
    this.#usual.set(name, { ms, until: now + REMEMBERED_FOR })
    return ms
  }

  #usualNow(provider: Provider, model: string): number | undefined {
    const { samples, firstTokenMs } = this.performance(provider, model)
    return samples < ENOUGH_SAMPLES ? undefined : firstTokenMs?.p95
  }

  /** The time within which half of the first tokens of a target came, ms; undefined while too little is known. */
  typicalFirstTokenMs(provider: Provider, model: string): number | undefined {
    const { samples, firstTokenMs } = this.performance(provider, model)
    return samples < ENOUGH_SAMPLES ? undefined : firstTokenMs?.p50
  }

  targetOf(provider: Provider, model: string): Target {
    let origin = this.#origins.get(provider)
    if (origin === undefined) {
      origin = provider.hosts.join(' ')
      this.#origins.set(provider, origin)
    }
    return { provider: provider.id, origin, model, locality: provider.locality }
  }
}
