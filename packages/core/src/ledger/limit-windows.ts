import type { LimitWindow } from '../contract/limit.js'

const DAY_MS = 86_400_000

/** Longest time any limit is believed to last: 31 days. */
export const LONGEST_WAIT_MS = 31 * DAY_MS

/** The window that `at` lies in: from `start`, which belongs to it, to `end`, which does not. */
export function windowAround(
  window: LimitWindow,
  at: number,
): { readonly start: number; readonly end: number } {
  if (window.kind === 'rolling') return { start: at - window.ms, end: at + window.ms }
  if (window.kind === 'utc-day') {
    const start = Math.floor(at / DAY_MS) * DAY_MS
    return { start, end: start + DAY_MS }
  }
  const date = new Date(at)
  const monthFrom = (months: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months)
  return { start: monthFrom(0), end: monthFrom(1) }
}

/**
 * How much longer than a window we wait, ms: a request is counted when it arrives, not when it was sent, and the
 * server's midnight is not exactly ours.
 */
export function slackOf(window: LimitWindow): number {
  return window.kind === 'rolling' ? Math.min(1_000, window.ms / 20) : 5_000
}

/** Whether the window is short enough for its limit to be called a rate. */
export function isShort(window: LimitWindow): boolean {
  return window.kind === 'rolling' && window.ms <= 3_600_000
}

/** For people: `minute`, `day`, `90 s`. */
export function windowInWords(window: LimitWindow): string {
  if (window.kind === 'utc-day') return 'day (UTC)'
  if (window.kind === 'utc-month') return 'month (UTC)'
  const names: Readonly<Record<number, string>> = {
    1_000: 'second',
    60_000: 'minute',
    3_600_000: 'hour',
    [DAY_MS]: 'day',
  }
  return names[window.ms] ?? `${Math.round(window.ms / 1_000)} s`
}
