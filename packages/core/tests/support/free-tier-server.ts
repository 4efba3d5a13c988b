import { OpenMuxError } from '../../src/index.js'
import { DAY, MINUTE } from './ledger.js'

/** How a service with free models limits an account. */
export interface FreeTierOptions {
  /** Requests a minute. */
  readonly minute: number
  /** Requests a day, UTC. */
  readonly day: number
  /** Whether the minute is that of the clock, or the last sixty seconds. */
  readonly minutes: 'of-the-clock' | 'sliding'
  /** How far the server's clock is ahead of ours, ms. */
  readonly skewMs: number
}

/**
 * An account at such a service: the limits are those of the whole account, and refused requests count too. Source:
 * the description of free models in OpenRouter's documentation (api_reference/limits) and its refusals as recorded in
 * public issues.
 */
export class FreeTierServer {
  readonly #options: FreeTierOptions
  #arrivals: number[] = []
  #today = 0
  #count = 0
  served = 0
  refusals: OpenMuxError[] = []

  constructor(options: FreeTierOptions) {
    this.#options = options
  }

  /** A request arrives at `arrival`, in order; undefined: it is served. */
  receive(arrival: number): OpenMuxError | undefined {
    const { minute, day, skewMs, minutes } = this.#options
    const now = arrival + skewMs
    const today = Math.floor(now / DAY)
    if (today !== this.#today) {
      this.#today = today
      this.#count = 0
    }
    this.#count += 1
    const from = minutes === 'sliding' ? now - MINUTE : Math.floor(now / MINUTE) * MINUTE - 1
    this.#arrivals = [...this.#arrivals.filter((at) => at > now - MINUTE - 1), now]
    const inMinute = this.#arrivals.filter((at) => at > from).length
    if (this.#count > day) return this.#refuse('quota', (today + 1) * DAY - skewMs)
    if (inMinute > minute) {
      const oldest = this.#arrivals.find((at) => at > from) ?? now
      const renewed = minutes === 'sliding' ? oldest + MINUTE : from + 1 + MINUTE
      return this.#refuse('rate-limit', renewed - skewMs)
    }
    this.served += 1
    return undefined
  }

  /** What the account's page says. */
  remaining(moment: number): number {
    return Math.floor((moment + this.#options.skewMs) / DAY) === this.#today
      ? Math.max(0, this.#options.day - this.#count)
      : this.#options.day
  }

  #refuse(code: 'quota' | 'rate-limit', until: number): OpenMuxError {
    const error = new OpenMuxError({
      code,
      scope: 'account',
      message: 'refused',
      until,
      upstream: { status: 429 },
    })
    this.refusals.push(error)
    return error
  }
}

/** A random number from 0 up to 1 from a seed (mulberry32): the same seed gives the same story. */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
