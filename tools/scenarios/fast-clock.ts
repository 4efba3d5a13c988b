import type { Clock } from '@openmux/core'

/**
 * Time that passes faster than it does, for the engine and for the upstream alike: with a factor of 10 a limit of
 * ten seconds is over after one, and every default of the engine stays as users have it.
 */
export function fastClock(factor: number): Clock {
  const started = Date.now()
  return {
    now: () => started + (Date.now() - started) * factor,
    after(delayMs, run) {
      const timer = setTimeout(run, Math.min(delayMs / factor, 2 ** 31 - 1))
      timer.unref()
      return () => clearTimeout(timer)
    },
  }
}

/** Waits in that time. */
export function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => {
    // Kept alive: a timer of the clock itself does not keep the process.
    const alive = setInterval(() => undefined, 1_000)
    clock.after(ms, () => {
      clearInterval(alive)
      resolve()
    })
  })
}
