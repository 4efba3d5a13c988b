import type { Agent, buildConnector } from 'undici'
import { networkError } from '../errors/network-error.js'
import { abortedError } from '../errors/transport-failures.js'
import { decompressed } from './decompress.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'
import { type ConnectingSocket, UndiciExchange } from './undici-exchange.js'

/** How the pool of {@link undiciTransport} behaves. */
export interface UndiciTransportOptions {
  /** Most connections to one host at a time; more requests wait for one. Default: no limit. */
  readonly connections?: number
  /**
   * How long an unused connection is kept, ms. A shorter hint of the server wins. Default 4,000: Python's uvicorn
   * closes after 5 s without saying so, and a request sent into a closing connection is lost.
   */
  readonly keepAliveMs?: number
  /**
   * HTTP/2 over TLS where the server has it. Default `false`: with one connection a stream, giving up one
   * answer closes its socket at once, and a stuck connection holds up nobody else.
   */
  readonly allowH2?: boolean
}

/** A socket that never connects and that nobody waits for any more is given up after this time. */
const FORGOTTEN_CONNECT_MS = 60_000

/** The part of undici that is used. */
interface Undici {
  readonly Agent: typeof Agent
  readonly buildConnector: typeof buildConnector
}

/** Told each socket that begins to connect, with the origin it connects to. */
type OnConnecting = (origin: string, socket: ConnectingSocket) => void

/**
 * The transport for Node: connections are pooled and kept alive, and there is no hidden limit on waiting
 * (Node's own `fetch` gives up after 300 s without headers, sooner than a large local model loads).
 * undici is loaded with the first `send`.
 */
export function undiciTransport(options: UndiciTransportOptions = {}): Transport {
  /** Those under way with the origin they go to, the oldest first. */
  const active = new Map<UndiciExchange, string>()
  const forget = (exchange: UndiciExchange): boolean => active.delete(exchange)
  let dispatching: UndiciExchange | undefined
  let pool: Agent | undefined
  let opening: Promise<Agent> | undefined
  let closed = false
  // One client asks for few addresses, over and over.
  let latest: URL | undefined
  const parsed = (href: string): URL => {
    if (latest?.href !== href) latest = new URL(href)
    return latest
  }

  // A socket that is opened while nothing is dispatched is for the first of those who wait: undici serves in order.
  const onConnecting: OnConnecting = (origin, socket) => {
    const owner = dispatching ?? firstWaiting(active, origin)
    owner?.connecting(socket)
  }
  const open = async (): Promise<Agent> => {
    opening ??= import('undici').then((undici) => (pool = openPool(undici, options, onConnecting)))
    return opening
  }

  return {
    async send(request: TransportRequest): Promise<TransportResponse> {
      const agent = pool ?? (await open())
      if (closed) throw abortedError(undefined, 'The transport is closed.')
      if (request.signal.aborted) throw abortedError(request.signal.reason)
      const url = parsed(request.url)
      const exchange = new UndiciExchange(request, url.host, forget)
      active.set(exchange, url.origin)
      dispatching = exchange
      try {
        agent.dispatch(
          {
            origin: url.origin,
            path: url.pathname + url.search,
            method: request.method,
            headers: named(request.headers),
            body: request.body ?? null,
            headersTimeout: 0,
            bodyTimeout: 0,
          },
          exchange,
        )
      } catch (thrown) {
        exchange.stop(networkError(thrown, url.host))
      } finally {
        dispatching = undefined
      }
      const response = await exchange.response
      return decompressed(response, url.host)
    },
    async close(): Promise<void> {
      closed = true
      for (const exchange of active.keys())
        exchange.stop(abortedError(undefined, 'The transport was closed.'))
      if (opening !== undefined) await (await opening).destroy()
    },
  }
}

/** Some firewalls refuse requests without a user agent; `fetch` always sends one. */
function named(headers: Readonly<Record<string, string>>): Record<string, string> {
  return { 'user-agent': 'openmux', ...headers }
}

function firstWaiting(
  active: ReadonlyMap<UndiciExchange, string>,
  origin: string,
): UndiciExchange | undefined {
  for (const [exchange, itsOrigin] of active) {
    if (itsOrigin === origin && exchange.waitsForConnection) return exchange
  }
  return undefined
}

function openPool(undici: Undici, options: UndiciTransportOptions, onConnecting: OnConnecting): Agent {
  const allowH2 = options.allowH2 ?? false
  const connector = undici.buildConnector({ allowH2, timeout: FORGOTTEN_CONNECT_MS })
  return new undici.Agent({
    allowH2,
    connections: options.connections ?? null,
    keepAliveTimeout: options.keepAliveMs ?? 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(target, callback) {
      // The connector gives its socket back, though its type does not say so.
      const socket: unknown = connector(target, callback)
      if (canBeDestroyed(socket))
        onConnecting(`${target.protocol}//${target.host ?? target.hostname}`, socket)
    },
  })
}

function canBeDestroyed(value: unknown): value is ConnectingSocket {
  return (
    typeof value === 'object' && value !== null && 'destroy' in value && typeof value.destroy === 'function'
  )
}
