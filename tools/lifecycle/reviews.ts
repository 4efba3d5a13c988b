import type { Lifecycle } from '@openmux/core'

/** Days after `nextReview` during which a look that nobody took is only warned of. */
export const GRACE_DAYS = 30
/** No further ahead than this: a look in ten years is none. */
export const HORIZON_DAYS = 366

/** The two days that a lifecycle is held against, `YYYY-MM-DD`. */
export interface Calendar {
  /** Of the clock. */
  readonly today: string
  /**
   * Of the newest commit. What was promised may fail a check only from there: the same commit must not pass
   * today and fail next month, while nothing in it has changed.
   */
  readonly asOf: string
}

/** What the calendar says about a lifecycle. */
export interface Review {
  readonly failures: readonly string[]
  readonly warnings: readonly string[]
}

/** Pure: dates that lie where they cannot, and a look that is due. */
export function review(name: string, lifecycle: Lifecycle, { today, asOf }: Calendar): Review {
  const failures: string[] = []
  const warnings: string[] = []
  const { stage, since, nextReview } = lifecycle
  // A day of grace: it may be tomorrow already where the maintainer is.
  if (daysFrom(today, since) > 1) failures.push(`${name}.since: ${since} is yet to come`)
  if (nextReview === undefined) return { failures, warnings }
  if (daysFrom(today, nextReview) > HORIZON_DAYS)
    failures.push(`${name}.nextReview: ${nextReview} is more than a year away`)
  const due = `${name}.nextReview: ${stage} since ${since}, and nobody has looked again since it was due on ${nextReview}`
  if (daysFrom(nextReview, asOf) > GRACE_DAYS)
    failures.push(`${due}: look, then set a new day or another stage`)
  else if (daysFrom(nextReview, today) > 0) warnings.push(due)
  return { failures, warnings }
}

/** Whole days from one day to another; below 0 when the other comes first. */
function daysFrom(one: string, other: string): number {
  return Math.round((Date.parse(other) - Date.parse(one)) / 86_400_000)
}
