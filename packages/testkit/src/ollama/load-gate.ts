/** Holds loads until a test lets them go. */
export interface LoadGate {
  /** Loads that wait at the gate now. */
  readonly waiting: number
  /** Settles when the next load has come to the gate (at once when one waits already). */
  arrived(): Promise<void>
  /** Lets all loads through, and later ones too; with an error, those that wait fail with it (status 500). */
  open(error?: string): void
}

/** The double's side of a gate. */
export interface GateKeeper extends LoadGate {
  /** Settles when the load may end; with a text when it fails; rejects when the client leaves first. */
  pass(signal: AbortSignal): Promise<string | undefined>
}

/** A closed gate. */
export function createLoadGate(): GateKeeper {
  let isOpen = false
  const waiting = new Set<(error: string | undefined) => void>()
  const watchers = new Set<() => void>()
  return {
    get waiting() {
      return waiting.size
    },
    arrived: () => (waiting.size > 0 ? Promise.resolve() : new Promise((resolve) => watchers.add(resolve))),
    open(error) {
      isOpen = true
      for (const go of waiting) go(error)
      waiting.clear()
    },
    pass(signal) {
      if (isOpen) return Promise.resolve(undefined)
      return new Promise((resolve, reject) => {
        waiting.add(resolve)
        const leave = (): void => {
          waiting.delete(resolve)
          reject(new DOMException('The client left during the load', 'AbortError'))
        }
        signal.addEventListener('abort', leave, { once: true })
        for (const seen of watchers) seen()
        watchers.clear()
      })
    },
  }
}
