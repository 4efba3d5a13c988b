import type { Clock } from '../contract/clock.js'

/** A favourite that is faster than this is not raced, ms: starting a rival would cost more than it saves. */
const SHORTEST_DELAY_MS = 300
/** How much slower than it nearly ever was: a steady target is not raced for its usual time. */
const MARGIN = 1.2

/**
 * When a rival may be started, ms after the favourite: once the favourite is slower than it nearly ever was.
 * Undefined: never, because too little is known of it.
 */
export function hedgeDelay(usualFirstTokenMs: number | undefined): number | undefined {
  return usualFirstTokenMs === undefined ? undefined : Math.max(SHORTEST_DELAY_MS, usualFirstTokenMs * MARGIN)
}

/** Whether `work` settles before the time is over. */
export function settledWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false))
    const settled = (): void => {
      cancel()
      resolve(true)
    }
    work.then(settled, settled)
  })
}
