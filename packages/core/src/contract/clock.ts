/** Time, passed in so that decisions can be replayed and tests need not wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Calls `run` once after `delayMs`; the returned function cancels it.
   * @param keepsAlive whether the process must not end before: somebody waits, and nothing else may be under way.
   *   Default: no.
   */
  after(delayMs: number, run: () => void, keepsAlive?: boolean): () => void
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, run, keepsAlive = false) {
    // Longer delays overflow the platform's 32-bit timer and would fire at once.
    const timer = setTimeout(run, Math.min(delayMs, 2 ** 31 - 1))
    // Absent outside Node.
    if (!keepsAlive && typeof timer === 'object') timer.unref()
    return () => clearTimeout(timer)
  },
}
