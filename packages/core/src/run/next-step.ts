import type { OpenMuxError } from '../errors/openmux-error.js'

/** Longest hinted wait that is worth staying with the favourite, ms. */
const WORTH_WAITING = 3_000
/** The pause before the one retry after a single 5xx or reset, ms, jittered between these. */
const SHORT_PAUSE = { from: 100, to: 300 }

/** What is known when an attempt has failed. */
export interface FailedAttempt {
  readonly error: OpenMuxError
  /** Attempts made on this candidate so far, this one included. */
  readonly attemptsHere: number
  /** Attempts the request may still make. */
  readonly attemptsLeft: number
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
  const { error, attemptsHere, attemptsLeft, now, deadline, random } = failed
  if (error.next === 'nowhere') return { move: 'stop', why: 'caller' }
  if (attemptsLeft <= 0 || now >= deadline) return { move: 'stop', why: 'budget' }
  if (attemptsHere > 1) return { move: 'failover' }
  const wait = hintedWait(error, now) ?? (error.next === 'here' ? jittered(random) : undefined)
  if (wait !== undefined && wait <= WORTH_WAITING && now + wait < deadline)
    return { move: 'retry', waitMs: wait }
  return { move: 'failover' }
}

function hintedWait(error: OpenMuxError, now: number): number | undefined {
  return typeof error.until === 'number' ? Math.max(0, error.until - now) : undefined
}

function jittered(random: number): number {
  return SHORT_PAUSE.from + random * (SHORT_PAUSE.to - SHORT_PAUSE.from)
}
