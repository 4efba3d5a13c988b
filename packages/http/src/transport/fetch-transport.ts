import type { OpenMuxError } from '@openmux/core'
import { networkError } from '../errors/network-error.js'
import { abortedError, headersTimeoutError } from '../errors/transport-failures.js'
import { FetchBody } from './fetch-body.js'
import { patientTimer } from './patient-timer.js'
import { headersOfFetch } from './response-headers.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'

/** The part of `fetch` we use, so that any `fetch` (a wrapped one, a test's) can be passed in. */
export type FetchLike = (input: string, init: RequestInit) => Promise<Response>

/**
 * A transport over `fetch`, for runtimes other than Node and for tests. Connecting cannot be told apart from
 * waiting here: `headersMs` is counted from the call, with `connectMs` added, and `connectMs` alone limits
 * nothing. The runtime may have limits of its own (Node: 300 s without headers).
 */
export function fetchTransport(fetch: FetchLike): Transport {
  const active = new Set<AbortController>()
  let closed = false
  return {
    async send(request: TransportRequest): Promise<TransportResponse> {
      if (closed) throw abortedError(undefined, 'The transport is closed.')
      if (request.signal.aborted) throw abortedError(request.signal.reason)
      return sendByFetch(fetch, request, active)
    },
    close(): Promise<void> {
      closed = true
      for (const controller of active) controller.abort(abortedError(undefined, 'The transport was closed.'))
      return Promise.resolve()
    },
  }
}

async function sendByFetch(
  fetch: FetchLike,
  request: TransportRequest,
  active: Set<AbortController>,
): Promise<TransportResponse> {
  const host = new URL(request.url).host
  const controller = new AbortController()
  const { headersMs, connectMs } = request.timeouts
  // The reason of our own abort, which `fetch` may or may not hand back.
  let stopped: OpenMuxError | undefined
  const stop = (error: OpenMuxError): void => {
    stopped ??= error
    controller.abort(error)
  }
  const onAbort = (): void => stop(abortedError(request.signal.reason))
  const settle = (): void => {
    request.signal.removeEventListener('abort', onAbort)
    active.delete(controller)
  }
  const limitMs = headersMs === 0 ? 0 : connectMs + headersMs
  const cancelTimer =
    limitMs === 0 ? undefined : patientTimer(limitMs, () => stop(headersTimeoutError(host, limitMs)))
  request.signal.addEventListener('abort', onAbort)
  active.add(controller)
  try {
    const response = await unlessAborted(
      fetch(request.url, {
        method: request.method,
        headers: { ...request.headers },
        // Bytes may lie over a shared buffer in the types; fetch takes them as they are.
        body: (request.body ?? null) as BodyInit | null,
        redirect: 'manual',
        signal: controller.signal,
      }),
      controller.signal,
    )
    const body = new FetchBody(response, controller, host, request.timeouts.idleMs, settle)
    return {
      // A browser hides redirects it was told not to follow behind status 0.
      status: response.type === 'opaqueredirect' ? 302 : response.status,
      headers: headersOfFetch(response.headers),
      body,
      cancel: () => body.cancel(),
    }
  } catch (thrown) {
    settle()
    throw stopped ?? networkError(controller.signal.aborted ? controller.signal.reason : thrown, host)
  } finally {
    cancelTimer?.()
  }
}

/** `answer`, but not waited for after `signal`: a `fetch` passed in may ignore its signal. */
async function unlessAborted(answer: Promise<Response>, signal: AbortSignal): Promise<Response> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const leave = (): void => {
    reject(signal.reason as Error)
    // Too late for us, but its connection must not stay open.
    answer.then((late) => late.body?.cancel()).catch(() => undefined)
  }
  signal.addEventListener('abort', leave, { once: true })
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}
