import { patientTimer } from './patient-timer.js'

/**
 * Notices that nothing came for `idleMs` while somebody waited. Costs one look at the clock a wait:
 * the one timer is not moved with every chunk, it finds out when it fires how long the wait has been.
 */
export class IdleWatch {
  readonly #idleMs: number
  readonly #onIdle: () => void
  #waitingSince: number | undefined
  #cancelTimer: (() => void) | undefined

  /** `idleMs` 0 watches nothing. */
  constructor(idleMs: number, onIdle: () => void) {
    this.#idleMs = idleMs
    this.#onIdle = onIdle
  }

  /** Somebody began to wait. */
  wait(): void {
    if (this.#idleMs === 0) return
    this.#waitingSince = performance.now()
    this.#cancelTimer ??= patientTimer(this.#idleMs, this.#look)
  }

  /** The wait is over. */
  arrived(): void {
    this.#waitingSince = undefined
  }

  /** Nothing will be waited for any more. */
  stop(): void {
    this.#waitingSince = undefined
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  readonly #look = (): void => {
    this.#cancelTimer = undefined
    if (this.#waitingSince === undefined) return
    const rest = this.#idleMs - (performance.now() - this.#waitingSince)
    // Timers may fire a fraction of a millisecond early.
    if (rest < 1) this.#onIdle()
    else this.#cancelTimer = patientTimer(rest, this.#look)
  }
}
