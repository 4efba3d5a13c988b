import { isOpenMuxError, type OpenMuxError } from '@openmux/core'
import { abortedError, idleTimeoutError, truncatedError } from '../errors/transport-failures.js'
import { IdleWatch } from './idle-watch.js'

const END: IteratorResult<Uint8Array, undefined> = { done: true, value: undefined }

type Step = IteratorResult<Uint8Array, undefined>

/** The body of a `Response`, read chunk by chunk under a limit on stalls. */
export class FetchBody implements AsyncIterableIterator<Uint8Array, undefined> {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  readonly #controller: AbortController
  readonly #host: string
  readonly #idle: IdleWatch
  readonly #onOver: () => void
  #error: OpenMuxError | undefined
  #over = false
  #rejectWaiting: ((error: OpenMuxError) => void) | undefined

  constructor(
    response: Response,
    controller: AbortController,
    host: string,
    idleMs: number,
    onOver: () => void,
  ) {
    this.#reader = response.body?.getReader()
    this.#controller = controller
    this.#host = host
    this.#onOver = onOver
    this.#idle = new IdleWatch(idleMs, () => controller.abort(idleTimeoutError(host, idleMs)))
    // A body made by a test's own `fetch` need not know about our signal.
    controller.signal.addEventListener('abort', this.#onAbort)
    if (controller.signal.aborted) this.#onAbort()
    else if (this.#reader === undefined) this.#settle()
  }

  next(): Promise<Step> {
    if (this.#error !== undefined) return Promise.reject(this.#error)
    const reader = this.#reader
    if (this.#over || reader === undefined) return Promise.resolve(END)
    this.#idle.wait()
    const { promise, resolve, reject } = Promise.withResolvers<Step>()
    this.#rejectWaiting = reject
    const take = ({ done, value }: ReadableStreamReadResult<Uint8Array>): void => {
      this.#idle.arrived()
      if (done) this.#settle()
      resolve(done ? END : { done: false, value })
    }
    void reader.read().then(take, (thrown: unknown) => reject(this.#fail(thrown)))
    return promise
  }

  return(): Promise<Step> {
    this.#leave()
    // Leaving is the reader's own wish: a reader that left sees an end, not an error.
    this.#error = undefined
    return Promise.resolve(END)
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** Stops reading and closes the connection. A reader still waiting gets `aborted`. */
  cancel(): Promise<void> {
    this.#leave()
    return Promise.resolve()
  }

  #leave(): void {
    if (!this.#over) this.#controller.abort(abortedError())
  }

  readonly #onAbort = (): void => {
    const error = this.#fail(this.#controller.signal.reason)
    this.#rejectWaiting?.(error)
  }

  #fail(thrown: unknown): OpenMuxError {
    this.#error ??= isOpenMuxError(thrown) ? thrown : truncatedError(this.#host, thrown)
    if (!this.#over) {
      this.#settle()
      // Rejects where the failure has already broken the stream.
      this.#reader?.cancel().catch(() => undefined)
    }
    return this.#error
  }

  #settle(): void {
    this.#over = true
    this.#idle.stop()
    this.#controller.signal.removeEventListener('abort', this.#onAbort)
    this.#onOver()
  }
}
