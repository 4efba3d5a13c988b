import { OpenMuxError } from '@openmux/core'

/** The caller left, or the client was closed. */
export function abortedError(cause?: unknown, message = 'The call was aborted.'): OpenMuxError {
  return new OpenMuxError({ code: 'aborted', message, cause: cause instanceof Error ? cause : undefined })
}

/** The connection did not stand in time. `limitMs` is absent when the system or runtime gave up by itself. */
export function connectTimeoutError(host: string, limitMs?: number, cause?: unknown): OpenMuxError {
  return new OpenMuxError({
    code: 'timeout',
    phase: 'connect',
    scope: 'endpoint',
    message: `No connection to ${host} ${withinLimit(limitMs)}.`,
    hint: 'Check that the server runs and that no firewall is in between, or allow more time to connect.',
    cause,
  })
}

/** The request was sent, but no headers came in time. */
export function headersTimeoutError(host: string, limitMs?: number, cause?: unknown): OpenMuxError {
  return new OpenMuxError({
    code: 'timeout',
    phase: 'first-token',
    message: `${host} did not begin to answer ${withinLimit(limitMs)}.`,
    hint: limitMs === undefined ? RUNTIME_LIMIT : undefined,
    cause,
  })
}

/** The body stalled. */
export function idleTimeoutError(host: string, limitMs?: number, cause?: unknown): OpenMuxError {
  return new OpenMuxError({
    code: 'timeout',
    phase: 'idle',
    message: `${host} stopped in the middle of its answer and did not go on ${withinLimit(limitMs)}.`,
    hint: limitMs === undefined ? RUNTIME_LIMIT : undefined,
    cause,
  })
}

/** The connection ended before the body did. */
export function truncatedError(host: string, cause?: unknown): OpenMuxError {
  return new OpenMuxError({
    code: 'truncated',
    message: `The connection to ${host} broke in the middle of the answer.`,
    cause,
  })
}

const RUNTIME_LIMIT =
  "The runtime's own fetch has given up (Node: after 300 s). The undici transport has no such limit."

function withinLimit(limitMs: number | undefined): string {
  return limitMs === undefined ? 'in the time the runtime allows' : `within ${Math.round(limitMs)} ms`
}
