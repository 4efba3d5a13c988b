import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { buildConnector, Client } from 'undici'
import { portOf } from '../client/base-url.js'
import { isOfCertificate } from '../errors/network-error.js'
import { proxyRefused, proxyUnreachable, tunnelLost } from '../errors/proxy-failures.js'
import { errorCodeOf } from '../errors/thrown.js'
import { abortedError } from '../errors/transport-failures.js'
import type { Proxy } from '../proxy/proxy.js'
import { canBeDestroyed } from './can-be-destroyed.js'
import type { ConnectingSocket } from './undici-exchange.js'

/** What a tunnel is opened with. */
export interface TunnelTools {
  readonly Client: typeof Client
  /** Opens sockets to the proxy. It is spoken to in HTTP/1.1, whatever the target may. */
  readonly toProxy: buildConnector.connector
  /** Speaks TLS with the target. */
  readonly toTarget: buildConnector.connector
  /** How long a proxy may keep silent that nobody waits for any more, ms. */
  readonly forgottenMs: number
}

/**
 * A connection to a target through a proxy while it comes to stand: to the proxy, then through it, then TLS with the
 * target. To whoever limits and aborts it, it is one socket: undici's own ProxyAgent shows none of its three steps, so
 * that a handshake given up would hold its place in the pool for ever.
 */
export class Tunnel implements ConnectingSocket {
  readonly #proxy: Proxy
  readonly #tools: TunnelTools
  #step: ConnectingSocket | undefined
  #destroyed: Error | undefined

  constructor(proxy: Proxy, tools: TunnelTools) {
    this.#proxy = proxy
    this.#tools = tools
  }

  get destroyed(): boolean {
    return this.#destroyed !== undefined || this.#step?.destroyed === true
  }

  /** Always with an error: a socket that closes without one tells nobody that it will not come to stand. */
  destroy(error: Error = abortedError()): void {
    this.#destroyed = error
    this.#step?.destroy(error)
  }

  /** Opens it. What fails is told as the proxy's failure, but for the certificate of the target. */
  open(target: buildConnector.Options, callback: buildConnector.Callback): void {
    const { Client, toProxy, toTarget, forgottenMs } = this.#tools
    const proxy = this.#proxy
    const host = hostOf(target)
    const client = new Client(proxy.origin, {
      headersTimeout: forgottenMs,
      connect: (to, done) => this.#begin(withoutServername(toProxy)(to, done)),
    })
    const secured: buildConnector.Callback = (...outcome) => {
      const [failure] = outcome
      if (failure === null || isOfCertificate(errorCodeOf(failure))) callback(...outcome)
      else callback(tunnelLost(proxy, host, failure), null)
    }
    client.connect({ path: host, headers: connectHeaders(proxy, host) }, (error, answer) => {
      // The socket is ours by now; a client without one would wait for requests.
      void client.destroy()
      if (error !== null) return callback(proxyUnreachable(proxy, error), null)
      const { statusCode, headers, socket } = answer
      socket.on('error', () => undefined)
      if (statusCode >= 200 && statusCode <= 299 && this.#destroyed === undefined && isSocket(socket))
        return this.#begin(toTarget({ ...target, httpSocket: socket }, secured))
      socket.destroy()
      callback(this.#destroyed ?? proxyRefused(proxy, host, statusCode, headers['proxy-authenticate']), null)
    })
  }

  /** @param socket given back by the connector, though its type does not say so. */
  #begin(socket: unknown): void {
    if (!canBeDestroyed(socket)) return
    this.#step = socket
    if (this.#destroyed !== undefined) socket.destroy(this.#destroyed)
  }
}

/** Opens sockets to the proxy itself: undici would look for the name of the target in its certificate. */
export function withoutServername(
  connector: buildConnector.connector,
): (to: buildConnector.Options, callback: buildConnector.Callback) => unknown {
  return (to, callback) => {
    const { servername: _servername, ...address } = to
    return connector(address, callback)
  }
}

/** undici says less of the stream it hands over than it is. */
function isSocket(stream: Duplex): stream is Socket {
  return 'connecting' in stream
}

function connectHeaders({ authorization }: Proxy, host: string): Record<string, string> {
  return {
    host,
    'proxy-connection': 'keep-alive',
    'user-agent': 'openmux',
    ...(authorization !== undefined && { 'proxy-authorization': authorization }),
  }
}

/** With its port, also where that is the usual one. */
function hostOf({ host, hostname, port, protocol }: buildConnector.Options): string {
  return port === '' ? `${host ?? hostname}:${portOf({ port, protocol })}` : (host ?? hostname)
}
