import type { Agent, buildConnector, Client, Dispatcher, Pool } from 'undici'
import { proxyUnreachable } from '../errors/proxy-failures.js'
import type { Proxy } from '../proxy/proxy.js'
import { canBeDestroyed } from './can-be-destroyed.js'
import type { Routes } from './routes.js'
import { Tunnel, withoutServername } from './tunnel.js'
import type { ConnectingSocket } from './undici-exchange.js'
import type { UndiciTransportOptions } from './undici-transport.js'

/** A socket that never connects and that nobody waits for any more is given up after this time. */
const FORGOTTEN_CONNECT_MS = 60_000

/** The part of undici that is used. */
export interface Undici {
  readonly Agent: typeof Agent
  readonly Client: typeof Client
  readonly Pool: typeof Pool
  readonly buildConnector: typeof buildConnector
}

/** Told each socket that begins to connect, with the origin it connects to. */
export type OnConnecting = (origin: string, socket: ConnectingSocket) => void

/** The connections of one transport. */
export interface UndiciPool {
  readonly agent: Dispatcher
  /** Closes every connection, also those that do not stand yet. */
  destroy(): Promise<void>
}

/** @param routes absent: every connection is a direct one. */
export function openPool(
  undici: Undici,
  options: UndiciTransportOptions,
  routes: Routes | undefined,
  onConnecting: OnConnecting,
): UndiciPool {
  const allowH2 = options.allowH2 ?? false
  const connector = undici.buildConnector({ allowH2, timeout: FORGOTTEN_CONNECT_MS })
  const opening = new Set<Tunnel>()
  const toProxy = undici.buildConnector({ allowH2: false, timeout: FORGOTTEN_CONNECT_MS })
  const tools = { Client: undici.Client, toProxy, toTarget: connector, forgottenMs: FORGOTTEN_CONNECT_MS }
  const settings: Agent.Options = {
    allowH2,
    connections: options.connections ?? null,
    keepAliveTimeout: options.keepAliveMs ?? 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(target, callback) {
      const origin = `${target.protocol}//${target.host ?? target.hostname}`
      const via = routes?.of(new URL(origin))
      if (via !== undefined) {
        const tunnel = new Tunnel(via.proxy, tools)
        opening.add(tunnel)
        onConnecting(origin, tunnel)
        tunnel.open(target, (...outcome) => {
          opening.delete(tunnel)
          callback(...outcome)
        })
        return
      }
      // The connector gives its socket back, though its type does not say so.
      const socket: unknown = connector(target, callback)
      if (canBeDestroyed(socket)) onConnecting(origin, socket)
    },
  }
  const agent = new undici.Agent({
    ...settings,
    ...(routes !== undefined && {
      factory(origin: string | URL, given: object): Dispatcher {
        const via = routes.of(new URL(origin))
        if (via?.by !== 'forward') return new undici.Pool(origin, given)
        const connect = forwarding(via.proxy, toProxy, String(origin), onConnecting)
        return new undici.Pool(via.proxy.origin, { ...given, allowH2: false, connect })
      },
    }),
  })
  return {
    agent,
    async destroy() {
      for (const tunnel of opening) tunnel.destroy()
      await agent.destroy()
    },
  }
}

/** Opens connections to a proxy that is given the requests for `origin` themselves. */
function forwarding(
  proxy: Proxy,
  connector: buildConnector.connector,
  origin: string,
  onConnecting: OnConnecting,
): buildConnector.connector {
  const open = withoutServername(connector)
  return (target, callback) => {
    const socket = open(target, (...outcome) => {
      if (outcome[0] === null) callback(...outcome)
      else callback(proxyUnreachable(proxy, outcome[0]), null)
    })
    if (canBeDestroyed(socket)) onConnecting(origin, socket)
  }
}
