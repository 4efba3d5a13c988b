import { type CallContext, isOpenMuxError, OpenMuxError } from '@openmux/core'
import { sleep } from './sleep.js'

/** Pauses between two questions, ms: a replica takes minutes, so more often would only cost requests. */
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000

/** How a cold start is waited for. */
export interface ColdStartOptions {
  readonly provider: string
  /** Longest wait, ms. */
  readonly scaleUpTimeoutMs: number
  /** Aborted when the provider is closed. */
  readonly closing: AbortSignal
}

/** One call's patience with an endpoint that is starting. */
export interface ColdStart {
  /** ms left of the wait, also bounded by the deadline; at least 0. */
  left(): number
  /**
   * After a failure: returns when it is time to ask again. Rethrows what is no cold start, and `loading` when the
   * wait is over.
   */
  afterFailure(error: unknown): Promise<void>
  /** The answer began, or the call is over: what was reported as loading is done. Safe to call twice. */
  over(): void
}

/** Begins the patience of one call. */
export function beginColdStart(options: ColdStartOptions, model: string, context: CallContext): ColdStart {
  const { clock, deadline = Number.POSITIVE_INFINITY, onProgress } = context
  const end = Math.min(clock.now() + options.scaleUpTimeoutMs, deadline)
  let pauses = 0
  let reported = false
  const left = (): number => Math.max(0, end - clock.now())
  return {
    left,
    async afterFailure(error) {
      if (!isOpenMuxError(error) || error.code !== 'loading') throw error
      const remaining = left()
      if (remaining === 0) throw tooLong(options, error, model)
      if (!reported) onProgress?.({ kind: 'load', model, done: false })
      reported = true
      const told = typeof error.until === 'number' ? error.until - clock.now() : 0
      const pause = Math.max(told, Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses))
      pauses += 1
      await sleep(Math.min(pause, remaining), context, options.closing)
    },
    over() {
      if (reported) onProgress?.({ kind: 'load', model, done: true })
      reported = false
    },
  }
}

function tooLong(
  { provider, scaleUpTimeoutMs }: ColdStartOptions,
  error: OpenMuxError,
  model: string,
): OpenMuxError {
  return new OpenMuxError({
    code: 'loading',
    scope: 'endpoint',
    provider,
    model,
    message: 'The endpoint is scaled to zero or starting, and no replica was there in time.',
    hint: `The start goes on: ask again in a moment, or allow more time (scaleUpTimeoutMs is ${scaleUpTimeoutMs}, and the deadline of the request counts too).`,
    until: error.until,
    upstream: error.upstream,
  })
}
