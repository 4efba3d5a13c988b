import { networkError } from '../errors/network-error.js'
import { abortedError } from '../errors/transport-failures.js'
import { type Environment, ownEnvironment } from '../proxy/environment.js'
import { proxiesFrom } from '../proxy/proxies.js'
import { decompressed } from './decompress.js'
import { Routes, type Via } from './routes.js'
import type { Transport, TransportRequest, TransportResponse } from './transport.js'
import { UndiciExchange } from './undici-exchange.js'
import { type OnConnecting, openPool, type UndiciPool } from './undici-pool.js'

/** How the pool of {@link undiciTransport} behaves. */
export interface UndiciTransportOptions {
  /** Most connections to one host at a time; more requests wait for one. Default: no limit. */
  readonly connections?: number
  /**
   * How long an unused connection is kept where the server does not say, ms. What it says (`Keep-Alive: timeout=60`)
   * wins, less 2 s and at most 10 minutes. Default 4,000: Python's uvicorn closes after 5 s without saying so, and a
   * request sent into a closing connection is lost.
   */
  readonly keepAliveMs?: number
  /**
   * HTTP/2 over TLS where the server has it. Default `false`: with one connection a stream, giving up one
   * answer closes its socket at once, and a stuck connection holds up nobody else.
   */
  readonly allowH2?: boolean
  /**
   * Names the proxies to go by, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, when the transport is made; `{}` names
   * none. Default: `process.env` where there is one. This machine and its own network are always asked directly.
   */
  readonly environment?: Environment
}

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
  const proxies = proxiesFrom(options.environment ?? ownEnvironment())
  const routes = proxies === undefined ? undefined : new Routes(proxies)
  let pool: UndiciPool | undefined
  let opening: Promise<UndiciPool> | undefined
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
  const open = async (): Promise<UndiciPool> => {
    opening ??= import('undici').then((undici) => (pool = openPool(undici, options, routes, onConnecting)))
    return opening
  }

  return {
    async send(request: TransportRequest): Promise<TransportResponse> {
      const { agent } = pool ?? (await open())
      if (closed) throw abortedError(undefined, 'The transport is closed.')
      if (request.signal.aborted) throw abortedError(request.signal.reason)
      const url = parsed(request.url)
      const via = routes?.of(url)
      const exchange = new UndiciExchange(request, url.host, forget, via)
      active.set(exchange, url.origin)
      dispatching = exchange
      try {
        agent.dispatch(
          {
            origin: url.origin,
            path: `${via?.by === 'forward' ? url.origin : ''}${url.pathname}${url.search}`,
            method: request.method,
            headers: via?.by === 'forward' ? forwarded(request.headers, url, via) : named(request.headers),
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

/** To a proxy that reads the request: it is told who asks, and for which host. */
function forwarded(
  headers: Readonly<Record<string, string>>,
  { host }: URL,
  { proxy: { authorization } }: Via,
): Record<string, string> {
  return {
    host,
    ...named(headers),
    ...(authorization !== undefined && { 'proxy-authorization': authorization }),
  }
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
