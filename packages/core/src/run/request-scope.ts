import type { Clock } from '../contract/clock.js'
import { OpenMuxError } from '../errors/openmux-error.js'

/** Ends whatever is open. A signal would do as well, but looks through all its listeners for each that comes or goes. */
export class Closing {
  readonly #open = new Set<() => void>()

  /** Calls `leave` when it closes; the returned function takes that back. */
  add(leave: () => void): () => void {
    this.#open.add(leave)
    return () => this.#open.delete(leave)
  }

  close(): void {
    for (const leave of this.#open) leave()
  }
}

/**
 * The life of one request: it ends when the caller leaves, the orchestrator closes or the deadline
 * passes. Everything the request does hangs on it; `end()` takes every timer and listener back.
 */
export class RequestScope {
  readonly clock: Clock
  readonly startedAt: number
  readonly deadline: number
  /** Made for those who ask for its signal. */
  #controller: AbortController | undefined
  readonly #ending = new Closing()
  readonly #release: (() => void)[] = []
  #failure: OpenMuxError | undefined

  constructor(clock: Clock, totalMs: number, callers: AbortSignal | undefined, closing?: Closing) {
    this.clock = clock
    this.startedAt = clock.now()
    this.deadline = totalMs > 0 ? this.startedAt + totalMs : Number.POSITIVE_INFINITY
    if (closing !== undefined) {
      const leave = (): void =>
        this.#fail(new OpenMuxError({ code: 'aborted', message: 'OpenMux was closed.' }))
      this.#release.push(closing.add(leave))
    }
    if (callers !== undefined) this.#follow(callers)
    if (totalMs > 0) {
      this.#release.push(
        clock.after(totalMs, () =>
          this.#fail(
            new OpenMuxError({
              code: 'timeout',
              phase: 'total',
              next: 'nowhere',
              message: `No whole answer within ${totalMs / 1_000} s.`,
              hint: 'Allow more time (timeouts.totalMs) or ask for a shorter answer.',
            }),
          ),
        ),
      )
    }
  }

  /** Why the scope ended early; undefined while it goes on. */
  get failure(): OpenMuxError | undefined {
    return this.#failure
  }

  /** For those outside: aborted when the scope ends early. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#failure !== undefined) this.#controller.abort(this.#failure)
    }
    return this.#controller.signal
  }

  /** Calls `leave` when the scope ends early; the returned function takes that back. */
  onEarlyEnd(leave: () => void): () => void {
    return this.#ending.add(leave)
  }

  /** Settles as `work` does, or fails with the scope's failure as soon as that ends first. */
  race<T>(work: Promise<T>): Promise<T> {
    if (this.#failure !== undefined) {
      work.catch(() => undefined)
      return Promise.reject(this.#failure)
    }
    return new Promise<T>((resolve, reject) => {
      const forget = this.onEarlyEnd(() => {
        if (this.#failure !== undefined) reject(this.#failure)
      })
      work.then(resolve, reject).finally(forget)
    })
  }

  /** Waits, unless the scope ends first. */
  pause(ms: number): Promise<void> {
    let cancel = (): void => undefined
    const timer = new Promise<void>((resolve) => {
      cancel = this.clock.after(ms, resolve, true)
    })
    return this.race(timer).finally(cancel)
  }

  end(): void {
    for (const release of this.#release.splice(0)) release()
  }

  #follow(signal: AbortSignal): void {
    const leave = (): void =>
      this.#fail(new OpenMuxError({ code: 'aborted', message: 'The caller left.', cause: signal.reason }))
    if (signal.aborted) {
      leave()
      return
    }
    signal.addEventListener('abort', leave, { once: true })
    this.#release.push(() => signal.removeEventListener('abort', leave))
  }

  #fail(error: OpenMuxError): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.end()
    this.#ending.close()
    this.#controller?.abort(error)
  }
}
