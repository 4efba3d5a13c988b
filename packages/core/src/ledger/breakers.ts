import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.js'
import { BoundedMap } from './bounded-map.js'
import type { LearningMoment } from './cooldowns.js'
import type { Ailment } from './lesson.js'
import type { Obstacle } from './standing.js'
import { keyOf, originOf, type Target } from './target.js'

/** The health of an origin (whether it can be reached) or of a model there (whether it answers well). */
export interface Breaker {
  readonly origin: string
  /** Absent: the connection to the origin. */
  readonly model?: string
  /** Failures in a row. */
  readonly failures: number
  /** Times it opened since the last success. */
  readonly opens: number
  /** Before this moment nothing is sent; from then on one request decides. 0: closed. ms since 1970. */
  readonly until: number
  /** The last failure. */
  readonly code: ErrorCode
  /** When it was last changed, ms since 1970. */
  readonly at: number
}

/** Which claim is the one request that decides, and until when it is waited for. */
interface Probe {
  readonly holder: object
  readonly expiresAt: number
}

/** Failures in a row that open a breaker: with little traffic too, and not for a single hiccup. */
const FAILURES_TO_OPEN = 3
/** Failures further apart than this are not "in a row", ms. */
const ROW_MS = 600_000
/** The first pause, ms; each further one is twice as long. At most 6 s with its jitter: the promise is 10 s. */
const FIRST_PAUSE_MS = 5_000
/** No pause is longer, ms: the promise is to be back 30 s after the target healed. */
const LONGEST_PAUSE_MS = 25_000
/** A deciding request that nobody heard of for so long does not keep others away, ms. */
const PROBE_MS = 60_000

/** All breakers. Those of a target: that of its origin's connection, and its own. */
export class Breakers {
  readonly #entries: BoundedMap<Breaker>
  readonly #probes = new Map<string, Probe>()

  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
    this.#entries = new BoundedMap<Breaker>(limit, ({ until, failures }) => until === 0 && failures === 0)
  }

  /** What keeps a target from being used, and whether the next request would decide. */
  judge(
    target: Target,
    now: number,
  ): { readonly obstacles: readonly Obstacle[]; readonly halfOpen: boolean } {
    const obstacles: Obstacle[] = []
    let halfOpen = false
    if (this.#entries.size > 0) {
      for (const key of keysOf(target)) {
        const breaker = this.#entries.get(key)
        if (breaker === undefined || breaker.until === 0) continue
        const probe = isPausing(breaker, now) ? undefined : this.#probeOf(key, now)
        if (!isPausing(breaker, now) && probe === undefined) halfOpen = true
        else obstacles.push(obstacleOf(breaker, probe))
      }
    }
    return { obstacles, halfOpen }
  }

  /** Makes `holder` the deciding request of every half-open breaker of the target that has none. */
  begin(target: Target, holder: object, now: number): void {
    if (this.#entries.size === 0) return
    for (const key of keysOf(target)) {
      const breaker = this.#entries.get(key)
      if (breaker === undefined || breaker.until === 0 || isPausing(breaker, now)) continue
      if (this.#probeOf(key, now) === undefined) this.#probes.set(key, { holder, expiresAt: now + PROBE_MS })
    }
    if (this.#probes.size <= this.#limit) return
    for (const [key, { expiresAt }] of this.#probes) if (expiresAt <= now) this.#probes.delete(key)
  }

  /**
   * The first piece of an answer came. The connection is fine, and others may come too; but an answer that is cut later
   * counts as one more failure in the row, and is enough to open again.
   */
  firstToken(target: Target, holder: object, now: number): void {
    const [connection, service] = keysOf(target)
    this.#close(connection, holder, 0, now)
    this.#close(service, holder, FAILURES_TO_OPEN - 1, now)
  }

  /** The request ended well, or at least with an answer (`connection` only). */
  succeed(target: Target, holder: object, begunAt: number, now: number, whole: boolean): void {
    const [connection, service] = keysOf(target)
    for (const key of whole ? [connection, service] : [connection]) {
      const breaker = this.#entries.get(key)
      if (breaker === undefined) continue
      // An answer that began before the trouble proves nothing about now.
      if (breaker.until !== 0 && begunAt < breaker.at && this.#probes.get(key)?.holder !== holder) continue
      this.#probes.delete(key)
      this.#entries.set(key, { ...breaker, failures: 0, opens: 0, until: 0, at: now }, now)
    }
  }

  fail(target: Target, holder: object, ailment: Ailment, code: ErrorCode, moment: LearningMoment): void {
    const { begunAt, now, random } = moment
    const [connection, service] = keysOf(target)
    const key = ailment === 'connection' ? connection : service
    const before = this.#entries.get(key) ?? newBreaker(target, ailment, code, now)
    const isProbe = this.#probes.get(key)?.holder === holder
    if (before.until !== 0) {
      // Late news of requests from before it opened, and of those sent in spite of it.
      const isLate = begunAt < before.at || isPausing(before, now) || this.#probeOf(key, now) !== undefined
      if (!isProbe && isLate) return
      return this.#open(key, { ...before, code }, now, random)
    }
    const failures = (now - before.at > ROW_MS ? 0 : before.failures) + 1
    if (failures >= FAILURES_TO_OPEN) return this.#open(key, { ...before, code, failures }, now, random)
    this.#entries.set(key, { ...before, code, failures, at: now }, now)
  }

  /** The request says nothing (more) about health: somebody else may decide. */
  release(target: Target, holder: object): void {
    if (this.#probes.size === 0) return
    for (const key of keysOf(target)) if (this.#probes.get(key)?.holder === holder) this.#probes.delete(key)
  }

  /** Takes in what another process learned. */
  adopt(breakers: readonly Breaker[], now: number): void {
    for (const breaker of breakers) {
      const key = keyFor(breaker.origin, breaker.model)
      const before = this.#entries.get(key)
      this.#entries.set(key, before === undefined ? breaker : newerOf(before, breaker), now)
    }
  }

  /** Whether the breaker waits for the outcome of a request that decides. */
  isProbing({ origin, model }: Breaker, now: number): boolean {
    return this.#probeOf(keyFor(origin, model), now) !== undefined
  }

  all(): Breaker[] {
    return [...this.#entries.values()]
  }

  #probeOf(key: string, now: number): Probe | undefined {
    const probe = this.#probes.get(key)
    return probe !== undefined && probe.expiresAt > now ? probe : undefined
  }

  #close(key: string, holder: object, failures: number, now: number): void {
    const breaker = this.#entries.get(key)
    if (breaker === undefined || this.#probes.get(key)?.holder !== holder) return
    this.#probes.delete(key)
    this.#entries.set(key, { ...breaker, failures, until: 0, at: now }, now)
  }

  #open(key: string, breaker: Breaker, now: number, random: number): void {
    const opens = breaker.opens + 1
    const step = FIRST_PAUSE_MS * 2 ** Math.min(opens - 1, 8) * (0.8 + 0.4 * random)
    const until = Math.floor(now + Math.min(step, LONGEST_PAUSE_MS))
    this.#probes.delete(key)
    this.#entries.set(key, { ...breaker, opens, until, at: now }, now)
  }
}

/** The newer word counts; of two at the same time the more careful one. Commutative, associative, idempotent. */
export function newerOf(one: Breaker, other: Breaker): Breaker {
  const order =
    one.at - other.at ||
    one.until - other.until ||
    one.failures - other.failures ||
    one.opens - other.opens ||
    (one.code > other.code ? 1 : -1)
  return order >= 0 ? one : other
}

/** Whether its pause goes on. An end further off than any pause is that of a clock that was set back since. */
function isPausing({ until }: Breaker, now: number): boolean {
  return now < until && until - now <= LONGEST_PAUSE_MS
}

function obstacleOf({ origin, model, failures, until, code }: Breaker, probe: Probe | undefined): Obstacle {
  const where = model === undefined ? origin : `${model} at ${origin}`
  const last = ERROR_CODES[code].meaning
  const lastResort = true
  if (probe === undefined) {
    const reason = `${where} failed ${failures} times in a row. The last time: ${last}`
    return { why: 'breaker', code, reason, until, lastResort }
  }
  const reason = `Another request is finding out whether ${where} works again. Before: ${last}`
  return { why: 'probing', code, reason, until: probe.expiresAt, lastResort }
}

function newBreaker(target: Target, ailment: Ailment, code: ErrorCode, now: number): Breaker {
  return {
    origin: originOf(target),
    ...(ailment === 'service' && { model: target.model }),
    failures: 0,
    opens: 0,
    until: 0,
    code,
    at: now,
  }
}

function keysOf(target: Target): readonly [connection: string, service: string] {
  return [keyFor(originOf(target), undefined), keyFor(originOf(target), target.model)]
}

function keyFor(origin: string, model: string | undefined): string {
  return model === undefined ? keyOf(origin) : keyOf(origin, 'model', model)
}
