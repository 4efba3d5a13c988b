import type { ErrorCode } from '../errors/error-codes.js'

/** Why a target should be left alone for now. */
export interface Obstacle {
  /**
   * `limit`: an allowance is used up. `cooldown`: it failed in a way that lasts. `breaker`: it failed several times in
   * a row. `probing`: another request is just finding out whether it works again.
   */
  readonly why: 'limit' | 'cooldown' | 'breaker' | 'probing'
  /** The code an attempt would most likely fail with. */
  readonly code: ErrorCode
  /** One sentence for people; holds nothing of a request or an answer. */
  readonly reason: string
  /** When it may be used again, ms since 1970. */
  readonly until?: number | 'never'
  /** Whether it may be tried all the same when nothing else is left: a guess of ours, not a limit the upstream set. */
  readonly lastResort: boolean
}

/** Whether a target may be used now. `halfOpen`: the next request is the one that decides whether it works again. */
export type Standing =
  | { readonly usable: true; readonly halfOpen: boolean }
  | ({ readonly usable: false } & Obstacle)

/** One verdict out of all obstacles: the hardest names the reason, and the last to go gives the time. */
export function standingOf(obstacles: readonly Obstacle[], halfOpen: boolean): Standing {
  const [first, ...others] = obstacles
  if (first === undefined) return { usable: true, halfOpen }
  const hardest = others.reduce((best, next) => (isHarder(next, best) ? next : best), first)
  const { until: _own, ...rest } = hardest
  const until = obstacles.reduce<number | 'never' | undefined>(
    (latest, next) => (untilRank(next.until) > untilRank(latest) ? next.until : latest),
    hardest.until,
  )
  return { usable: false, ...rest, ...(until !== undefined && { until }) }
}

function isHarder(one: Obstacle, other: Obstacle): boolean {
  if (one.lastResort !== other.lastResort) return !one.lastResort
  return untilRank(one.until) > untilRank(other.until)
}

function untilRank(until: number | 'never' | undefined): number {
  return until === 'never' ? Infinity : (until ?? 0)
}
