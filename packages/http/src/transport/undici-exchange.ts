import type { OpenMuxError } from '@openmux/core'
import type { Dispatcher } from 'undici'
import { networkError } from '../errors/network-error.js'
import { afterProxy, proxyRefused, proxyTimeout } from '../errors/proxy-failures.js'
import {
  abortedError,
  connectTimeoutError,
  headersTimeoutError,
  idleTimeoutError,
  truncatedError,
} from '../errors/transport-failures.js'
import { ByteQueue } from './byte-queue.js'
import { IdleWatch } from './idle-watch.js'
import { patientTimer } from './patient-timer.js'
import { headersOfNode } from './response-headers.js'
import type { Via } from './routes.js'
import type { TransportRequest, TransportResponse } from './transport.js'

/** A socket that is being connected for this exchange alone. */
export interface ConnectingSocket {
  readonly destroyed?: boolean
  destroy(error?: Error): unknown
}

type IncomingHeaders = Readonly<Record<string, string | string[] | undefined>>

/**
 * One request and its answer, as the handler undici calls. Written against `dispatch` rather than `request`:
 * no Node stream in between, and the phases (connecting, waiting for headers, reading) can be told apart.
 */
export class UndiciExchange implements Dispatcher.DispatchHandler {
  /** Resolves with the headers. */
  readonly response: Promise<TransportResponse>
  readonly #request: TransportRequest
  readonly #host: string
  readonly #onOver: (exchange: UndiciExchange) => void
  readonly #via: Via | undefined
  readonly #queue: ByteQueue
  readonly #idle: IdleWatch
  readonly #resolve: (response: TransportResponse) => void
  readonly #reject: (error: OpenMuxError) => void
  #socket: ConnectingSocket | undefined
  #controller: Dispatcher.DispatchController | undefined
  #cancelTimer: (() => void) | undefined
  #answered = false
  #over = false

  /** @param via the proxy it goes by, whose failures are told as such. */
  constructor(
    request: TransportRequest,
    host: string,
    onOver: (exchange: UndiciExchange) => void,
    via: Via | undefined,
  ) {
    this.#request = request
    this.#host = host
    this.#onOver = onOver
    this.#via = via
    const { promise, resolve, reject } = Promise.withResolvers<TransportResponse>()
    this.response = promise
    this.#resolve = resolve
    this.#reject = reject
    this.#idle = new IdleWatch(request.timeouts.idleMs, () =>
      this.stop(this.#sent(idleTimeoutError(host, request.timeouts.idleMs))),
    )
    this.#queue = new ByteQueue({
      waiting: () => this.#idle.wait(),
      drained: () => this.#controller?.resume(),
      left: () => this.stop(abortedError()),
    })
    request.signal.addEventListener('abort', this.#onAbort)
  }

  /** Whether it has no connection yet, and none is being opened for it. */
  get waitsForConnection(): boolean {
    const opening = this.#socket !== undefined && this.#socket.destroyed !== true
    return !this.#over && this.#controller === undefined && !opening
  }

  /** Undici began to open `socket` for this exchange: limits how long. Waiting for a free connection has no limit. */
  connecting(socket: ConnectingSocket): void {
    this.#socket = socket
    const { connectMs } = this.#request.timeouts
    if (this.#controller !== undefined || this.#over || connectMs === 0) return
    this.#clearTimer()
    this.#cancelTimer = patientTimer(connectMs, () => this.stop(this.#unconnected(connectMs)))
  }

  /** Ends the exchange with `error` wherever it stands and closes its connection. */
  stop(error: OpenMuxError): void {
    if (this.#over) return
    this.#settle()
    if (this.#answered) this.#queue.fail(error, true)
    else this.#reject(error)
    if (this.#controller !== undefined) this.#controller.abort(error)
    else this.#socket?.destroy(error)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) {
      controller.abort(abortedError())
      return
    }
    this.#controller = controller
    this.#clearTimer()
    const { headersMs } = this.#request.timeouts
    if (headersMs === 0) return
    this.#cancelTimer = patientTimer(headersMs, () =>
      this.stop(this.#sent(headersTimeoutError(this.#host, headersMs))),
    )
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHeaders,
  ): void {
    // Informational answers come before the real one.
    if (this.#over || status < 200) return
    // What came through a tunnel is the target's own, whatever it says.
    if (status === 407 && this.#via?.by === 'forward') {
      const offered = headers['proxy-authenticate']
      return this.stop(proxyRefused(this.#via.proxy, this.#host, status, offered))
    }
    this.#clearTimer()
    this.#answered = true
    this.#resolve({
      status,
      headers: headersOfNode(headers),
      body: this.#queue,
      cancel: () => {
        // Usually the answer was read to its end; an error, with its stack, is only made for one that was not.
        if (!this.#over) this.stop(abortedError())
        return Promise.resolve()
      },
    })
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    if (this.#over) return
    this.#idle.arrived()
    if (!this.#queue.push(chunk)) controller.pause()
  }

  onResponseEnd(): void {
    if (this.#over) return
    this.#settle()
    this.#queue.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#over) return
    this.#settle()
    if (this.#answered) this.#queue.fail(this.#sent(truncatedError(this.#host, error)), false)
    else this.#reject(this.#sent(networkError(error, this.#host)))
  }

  #unconnected(limitMs: number): OpenMuxError {
    return this.#via === undefined
      ? connectTimeoutError(this.#host, limitMs)
      : proxyTimeout(this.#via.proxy, this.#host, limitMs)
  }

  /** `error`, with a word on the proxy if the request itself had gone there. */
  #sent(error: OpenMuxError): OpenMuxError {
    return this.#via === undefined || this.#controller === undefined
      ? error
      : afterProxy(error, this.#via.proxy)
  }

  readonly #onAbort = (): void => this.stop(abortedError(this.#request.signal.reason))

  #settle(): void {
    this.#over = true
    this.#clearTimer()
    this.#idle.stop()
    this.#request.signal.removeEventListener('abort', this.#onAbort)
    this.#onOver(this)
  }

  #clearTimer(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }
}
