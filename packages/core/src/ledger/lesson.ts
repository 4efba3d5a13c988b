import type { ErrorCode, ErrorScope } from '../errors/error-codes.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { LONGEST_WAIT_MS } from './limit-windows.js'

/** What a failure says something bad about: whether the server can be reached, or whether it answers well. */
export type Ailment = 'connection' | 'service'

/** What one failure teaches. */
export interface Lesson {
  readonly ailment?: Ailment
  /** Whether the server saw the request, so that it may have counted it. */
  readonly reached: boolean
  /** Whether a better target would have answered this request: it counts in the success rate. */
  readonly blamesTarget: boolean
  readonly pause?: Pause
}

/** For how long something is left alone. */
export interface Pause {
  readonly scope: Exclude<ErrorScope, 'request'>
  /** The moment the upstream named, ms since 1970. */
  readonly told?: number
  /** Without a moment: pauses in ms, the longer the more often it happened in a row. */
  readonly ladder: readonly number[]
  /** Whether it may be tried all the same when nothing else is left: we only guess, and asking harms nobody. */
  readonly lastResort: boolean
}

const SECOND = 1_000
const MINUTE = 60 * SECOND

/**
 * How long we keep away when the upstream names no time. Short where a guess costs more than a try:
 *
 * - a limit without a time is most often an upstream's busy minute, and was taken for a whole day elsewhere
 *   (github.com/tashfeenahmed/freellmapi pull request 158): never more than ten minutes;
 * - a key, an account or a set-up changes when a person acts, which no answer tells: looked at again soon;
 * - what is gone stays gone for most of the time, but names and addresses do come back.
 *
 * Codes that are not here teach nothing about the next request: faults of this one request (a filter, a length, a
 * feature the target lacks), the caller's leaving, and what never left this process.
 */
const LADDERS: Partial<Readonly<Record<ErrorCode, readonly number[]>>> = {
  'rate-limit': [15 * SECOND, MINUTE, 3 * MINUTE, 10 * MINUTE],
  quota: [MINUTE, 3 * MINUTE, 10 * MINUTE],
  auth: [5 * MINUTE],
  credits: [5 * MINUTE, 15 * MINUTE],
  'model-not-found': [10 * MINUTE, 60 * MINUTE],
  'model-not-served': [10 * MINUTE, 60 * MINUTE],
  region: [10 * MINUTE, 60 * MINUTE],
  'endpoint-gone': [10 * MINUTE, 60 * MINUTE],
  'endpoint-moved': [5 * MINUTE, 60 * MINUTE],
  'not-found': [MINUTE, 10 * MINUTE],
  'needs-setup': [30 * SECOND],
}

/** Codes of failures that pass, for which only a time the upstream names makes a pause: the breaker sees to the rest. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['unavailable', 'loading', 'bad-response'])

/** Codes that come from a look at the request alone, unless the server's answer is on the error. */
const UNSENT: ReadonlySet<ErrorCode> = new Set([
  'auth',
  'bad-config',
  'bad-request',
  'content-filter',
  'context-too-long',
  'no-candidate',
  'provider-disabled',
  'too-large',
  'unsupported',
])

/** Codes of a service that is ill, or whose answers are. */
const ILL: ReadonlySet<ErrorCode> = new Set(['unavailable', 'bad-response', 'truncated'])

/** Short enough to be seen as one trouble of this machine's network, ms. */
const MACHINE_LADDER: readonly number[] = [5 * SECOND]

/** Pure: what a failure means for requests to come. */
export function lessonOf(error: OpenMuxError, now: number): Lesson {
  const ailment = ailmentOf(error)
  const pause = pauseOf(error, now)
  return {
    reached: isReached(error),
    // A model's broken output is no reason to close the door on it, but one to prefer another.
    blamesTarget: ailment !== undefined || error.code === 'model-fault',
    ...(ailment !== undefined && { ailment }),
    ...(pause !== undefined && { pause }),
  }
}

function ailmentOf({ code, phase, scope }: OpenMuxError): Ailment | undefined {
  // The trouble of this machine, or of this one request, is no target's.
  if (scope === 'machine' || scope === 'request') return undefined
  if (code === 'network') return 'connection'
  if (code === 'timeout') {
    // The total is the caller's own limit.
    return phase === 'total' ? undefined : phase === 'connect' ? 'connection' : 'service'
  }
  return ILL.has(code) ? 'service' : undefined
}

function pauseOf(error: OpenMuxError, now: number): Pause | undefined {
  const { code, scope, until } = error
  if (scope === 'request') return undefined
  if (scope === 'machine' && code === 'network') return { scope, ladder: MACHINE_LADDER, lastResort: true }
  const isLimit = code === 'rate-limit' || code === 'quota'
  const ladder = LADDERS[code]
  const told = typeof until === 'number' ? Math.min(until, now + LONGEST_WAIT_MS) : undefined
  // No wait cures a request that asks for more than a whole window gives: that says nothing about others.
  if (isLimit && until === 'never') return undefined
  if (told !== undefined && (ladder !== undefined || PASSING.has(code)))
    return { scope, told, ladder: [], lastResort: !isLimit }
  if (ladder === undefined) return undefined
  // More than the account can pay for is often this one request's length.
  return { scope, ladder: code === 'credits' && scope === 'model' ? [MINUTE] : ladder, lastResort: true }
}

function isReached({ code, phase, next, upstream, partial }: OpenMuxError): boolean {
  if (upstream?.status !== undefined || partial !== undefined) return true
  // A connection that stood and was lost is worth one more try here; one that never stood carried nothing.
  if (code === 'network') return next === 'here'
  return code === 'timeout' ? phase !== 'connect' : !UNSENT.has(code)
}
