import type { OpenMuxError } from '../errors/openmux-error.js'

/** Longest hinted wait that is worth staying with the favourite, ms. */
export const WORTH_WAITING_MS = 3_000
/** The pause before the one retry after a single 5xx or reset, ms, jittered between these. */
const SHORT_PAUSE = { from: 100, to: 300 }

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  readonly error: OpenMuxError
  /** Attempts made on this candidate so far, this one included. */
  readonly attemptsHere: number
  /** Attempts the request may still make. */
  readonly attemptsLeft: number
  /** Another candidate is ready, and the caller never wants to wait then. */
  readonly impatient: boolean
  readonly now: number
  readonly deadline: number
  /** From 0 up to 1. */
  readonly random: number
}

/** What to do about it. */
export type NextMove =
  | { readonly move: 'retry'; readonly waitMs: number }
  | { readonly move: 'failover' }
  | { readonly move: 'stop'; readonly why: 'caller' | 'budget' }

/**
 * Pure. A fault of the request stops; a wait the upstream names, up to 3 s, and one short pause
 * after a single transient failure stay with the favourite; everything longer or repeated goes
 * elsewhere at once. Waits never reach past the deadline.
 */
export function nextMove(failed: FailedAttempt): NextMove {
  const { error, attemptsHere, attemptsLeft, impatient, now, deadline, random } = failed
  if (error.next === 'nowhere') return { move: 'stop', why: 'caller' }
  if (attemptsLeft <= 0 || now >= deadline) return { move: 'stop', why: 'budget' }
  if (attemptsHere > 1 || impatient) return { move: 'failover' }
  const wait = hintedWait(error, now) ?? (error.next === 'here' ? shortPause(random) : undefined)
  if (wait !== undefined && wait <= WORTH_WAITING_MS && now + wait < deadline)
    return { move: 'retry', waitMs: wait }
  return { move: 'failover' }
}

function hintedWait(error: OpenMuxError, now: number): number | undefined {
  return typeof error.until === 'number' ? Math.max(0, error.until - now) : undefined
}

/** The pause before a second try at the same candidate, ms. `random` from 0 up to 1. */
export function shortPause(random: number): number {
  return SHORT_PAUSE.from + random * (SHORT_PAUSE.to - SHORT_PAUSE.from)
}
