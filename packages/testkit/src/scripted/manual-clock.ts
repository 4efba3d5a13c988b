import type { Clock } from '@openmux/core'

/** A clock that stands still until it is moved. */
export interface ManualClock extends Clock {
  /** Moves time on, running every timer that falls due at its own moment, and lets what they started go on. */
  advance(ms: number): Promise<void>
  /** Timers that wait. */
  pending(): number
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

/** A {@link ManualClock} that starts at `start`, ms since 1970. Default: the first of January 2026, UTC. */
export function manualClock(start: number = Date.UTC(2026, 0, 1)): ManualClock {
  const timers = new Set<Timer>()
  let now = start
  let order = 0
  return {
    now: () => now,
    after(delayMs, run) {
      const timer: Timer = { at: now + Math.max(0, delayMs), order: order++, run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    pending: () => timers.size,
    async advance(ms) {
      const end = now + ms
      await turn()
      for (let due = nextDue(timers, end); due !== undefined; due = nextDue(timers, end)) {
        timers.delete(due)
        now = Math.max(now, due.at)
        due.run()
        // What the timer woke may set the next one.
        await turn()
      }
      now = end
    },
  }
}

function nextDue(timers: ReadonlySet<Timer>, end: number): Timer | undefined {
  return [...timers]
    .filter((timer) => timer.at <= end)
    .toSorted((a, b) => a.at - b.at || a.order - b.order)[0]
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
