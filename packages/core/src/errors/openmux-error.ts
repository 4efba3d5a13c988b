import type { Attempt } from '../contract/attempt.js'
import type { DecisionRecord } from '../contract/decision.js'
import {
  ERROR_CODES,
  type ErrorCode,
  type ErrorScope,
  type Fault,
  type NextStep,
  type TimeoutPhase,
} from './error-codes.js'
import type { PartialAnswer } from './partial-answer.js'
import { redact } from './redact.js'

/** Marks our errors across two copies of this package in one process. */
const MARK = Symbol.for('openmux.error')

/** What an upstream said, kept for people who must find out why. Redacted and shortened. */
export interface UpstreamAnswer {
  readonly status?: number
  /** At most {@link UPSTREAM_BODY_LIMIT} characters. */
  readonly body?: string
  /** The vendor's own error code or type. */
  readonly code?: string
  readonly requestId?: string
}

/** Characters of an upstream body kept on an error. */
export const UPSTREAM_BODY_LIMIT = 2_000

/** What an {@link OpenMuxError} is built from. Only `code` and `message` are needed: the registry knows the rest. */
export interface OpenMuxErrorOptions {
  readonly code: ErrorCode
  readonly message: string
  readonly provider?: string | undefined
  readonly model?: string | undefined
  readonly fault?: Fault | undefined
  readonly next?: NextStep | undefined
  readonly scope?: ErrorScope | undefined
  /** When the same call may work again, ms since 1970, or `never`. Absent: not known. */
  readonly until?: number | 'never' | undefined
  readonly hint?: string | undefined
  /** The field of the request or configuration that is wrong: `messages[2].content`. */
  readonly field?: string | undefined
  readonly phase?: TimeoutPhase | undefined
  readonly partial?: PartialAnswer | undefined
  readonly upstream?: UpstreamAnswer | undefined
  /** What a person can do, simplest first, when there is more than the hint. */
  readonly remedies?: readonly string[] | undefined
  readonly attempts?: readonly Attempt[] | undefined
  readonly decision?: DecisionRecord | undefined
  readonly cause?: unknown
  /** Keys to be blanked out wherever they appear. Not kept. */
  readonly secrets?: readonly string[] | undefined
}

/**
 * Every failure OpenMux reports. The `code` is the contract: decide by it and the fields, never
 * by the words of the message. Texts are redacted when the error is built.
 */
export class OpenMuxError extends Error {
  override readonly name: string = 'OpenMuxError'
  readonly code: ErrorCode
  readonly fault: Fault
  readonly next: NextStep
  readonly scope: ErrorScope
  readonly until?: number | 'never'
  readonly hint: string
  readonly provider?: string
  readonly model?: string
  readonly field?: string
  readonly phase?: TimeoutPhase
  readonly partial?: PartialAnswer
  readonly upstream?: UpstreamAnswer
  readonly remedies?: readonly string[]
  /** Every try made for the request, in order. Set by the orchestrator. */
  readonly attempts?: readonly Attempt[]
  /** Why these candidates. Set by the orchestrator. */
  readonly decision?: DecisionRecord

  constructor(options: OpenMuxErrorOptions) {
    const secrets = options.secrets ?? []
    super(redact(options.message, secrets))
    // Not by `super(…, { cause })`: a foreign cause may carry the key in its message.
    if (options.cause !== undefined) this.cause = redactedCause(options.cause, secrets)
    const entry = ERROR_CODES[options.code]
    this.code = options.code
    this.fault = options.fault ?? entry.fault
    this.next = options.next ?? entry.next
    this.scope = options.scope ?? entry.scope
    this.hint = redact(options.hint ?? entry.hint, secrets)
    // A time that is none, as read from a header in the wild, is not known.
    const told = Number.isNaN(options.until) ? undefined : options.until
    const until = told ?? (entry.waitingHelps ? undefined : 'never')
    if (until !== undefined) this.until = until
    if (options.provider !== undefined) this.provider = options.provider
    if (options.model !== undefined) this.model = options.model
    if (options.field !== undefined) this.field = options.field
    if (options.phase !== undefined) this.phase = options.phase
    if (options.partial !== undefined) this.partial = options.partial
    if (options.upstream !== undefined) this.upstream = redactedUpstream(options.upstream, secrets)
    if (options.remedies !== undefined)
      this.remedies = options.remedies.map((remedy) => redact(remedy, secrets))
    if (options.attempts !== undefined) this.attempts = options.attempts
    if (options.decision !== undefined) this.decision = options.decision
    Object.defineProperty(this, MARK, { value: true })
  }

  /** Plain data for logs and `--json`: no stack, no cause, no keys. */
  toJSON(): Record<string, unknown> {
    const { cause: _cause, stack: _stack, message, ...fields } = this
    return { ...fields, message }
  }
}

/** Whether `value` is an {@link OpenMuxError}, also one made by another copy of this package. */
export function isOpenMuxError(value: unknown): value is OpenMuxError {
  return typeof value === 'object' && value !== null && MARK in value
}

function redactedUpstream(upstream: UpstreamAnswer, secrets: readonly string[]): UpstreamAnswer {
  const { body, code, requestId } = upstream
  return {
    ...upstream,
    // Redact before cutting: half a key at the edge would no longer be recognised.
    ...(body !== undefined && {
      body: redact(body.slice(0, UPSTREAM_BODY_LIMIT * 4), secrets).slice(0, UPSTREAM_BODY_LIMIT),
    }),
    ...(code !== undefined && { code: redact(code, secrets) }),
    ...(requestId !== undefined && { requestId: redact(requestId, secrets) }),
  }
}

function redactedCause(cause: unknown, secrets: readonly string[]): unknown {
  if (isOpenMuxError(cause) || cause === null) return cause
  if (typeof cause === 'string') return redact(cause, secrets)
  // A foreign object may hold the request, and with it the key: only its kind is kept.
  if (!(cause instanceof Error))
    return typeof cause === 'object' ? Object.prototype.toString.call(cause) : cause
  const copy = new Error(redact(cause.message, secrets))
  copy.name = cause.name
  if (cause.stack !== undefined) copy.stack = redact(cause.stack, secrets)
  const code: unknown = 'code' in cause ? cause.code : undefined
  if (typeof code === 'string') Object.defineProperty(copy, 'code', { value: code, enumerable: true })
  return copy
}
