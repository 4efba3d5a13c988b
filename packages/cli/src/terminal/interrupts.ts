import type { ProcessSignal } from '../io.js'
import { EXIT_CODES, type ExitCode } from '../render/exit-codes.js'

/**
 * Ctrl-C and the request to end. The first stops what goes on, cleanly; the second ends the program
 * at once. A command that knows better what the first should do (the chat) takes it over.
 */
export class Interrupts {
  readonly #controller = new AbortController()
  readonly #exitNow: (code: number) => void
  #takenOver: ((signal: ProcessSignal) => void) | undefined
  #exitCode: ExitCode = EXIT_CODES.interrupted

  constructor(exitNow: (code: number) => void) {
    this.#exitNow = exitNow
  }

  /** Aborted by the first interrupt. */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** What the program should end with: 130 for Ctrl-C, 143 for the request to end. */
  get exitCode(): ExitCode {
    return this.#exitCode
  }

  /** Hands interrupts to `listener` until the returned function is called. */
  takeOver(listener: (signal: ProcessSignal) => void): () => void {
    this.#takenOver = listener
    return () => {
      if (this.#takenOver === listener) this.#takenOver = undefined
    }
  }

  /** An interrupt has come. */
  readonly raise = (signal: ProcessSignal): void => {
    this.#exitCode = signal === 'SIGTERM' ? EXIT_CODES.terminated : EXIT_CODES.interrupted
    if (this.#takenOver !== undefined) this.#takenOver(signal)
    else if (this.#controller.signal.aborted) this.endNow()
    else this.stop()
  }

  /** Stops what goes on. */
  stop(): void {
    this.#controller.abort()
  }

  /** Ends the program without waiting. */
  endNow(): void {
    this.#exitNow(this.#exitCode)
  }
}
