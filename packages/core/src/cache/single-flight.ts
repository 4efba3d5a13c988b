import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'

interface Flight<T> {
  readonly outcome: Promise<T>
  readonly controller: AbortController
  waiting: number
}

/**
 * Does the same work once for all who ask for it at the same time. Who leaves gets `aborted` and disturbs nobody;
 * when the last one has left, the work is aborted. A failure is everybody's, and is not remembered.
 */
export class SingleFlight<T> {
  readonly #flights = new Map<string, Flight<T>>()

  /** Works under way. */
  get size(): number {
    return this.#flights.size
  }

  /** `work` gets a signal of its own, aborted when nobody waits any more. `shared`: somebody else had begun. */
  run(
    key: string,
    work: (signal: AbortSignal) => Promise<T>,
    signal?: AbortSignal,
  ): { readonly outcome: Promise<T>; readonly shared: boolean } {
    if (signal?.aborted === true) return { outcome: Promise.reject(left(signal)), shared: false }
    const known = this.#flights.get(key)
    const flight = known ?? this.#begin(key, work)
    flight.waiting += 1
    return { outcome: this.#wait(key, flight, signal), shared: known !== undefined }
  }

  #begin(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    const flight: Flight<T> = { outcome: started(work, controller.signal), controller, waiting: 0 }
    this.#flights.set(key, flight)
    const forget = (): void => this.#forget(key, flight)
    flight.outcome.then(forget, forget)
    return flight
  }

  #wait(key: string, flight: Flight<T>, signal: AbortSignal | undefined): Promise<T> {
    if (signal === undefined) return flight.outcome
    return new Promise<T>((resolve, reject) => {
      const leave = (): void => {
        reject(left(signal))
        flight.waiting -= 1
        if (flight.waiting > 0) return
        // Whoever comes now must not be put onto work that is being given up.
        this.#forget(key, flight)
        flight.controller.abort(left(signal))
      }
      signal.addEventListener('abort', leave, { once: true })
      flight.outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }

  #forget(key: string, flight: Flight<T>): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key)
  }
}

async function started<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  return work(signal)
}

/** The caller's own reason when it is an error of ours, else `aborted`. */
function left(signal: AbortSignal): OpenMuxError {
  const reason: unknown = signal.reason
  if (isOpenMuxError(reason)) return reason
  return new OpenMuxError({ code: 'aborted', message: 'The caller left.', cause: reason })
}
