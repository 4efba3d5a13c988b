import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy that lets nothing through, and remembers who wanted to get out. */
export interface Tripwire {
  readonly url: string
  /** Each attempt as `METHOD target`. */
  readonly attempts: readonly string[]
  /** Forgets the attempts so far. */
  forget(): void
  close(): Promise<void>
}

/**
 * Commands that are told to use it as their proxy reach loopback and nothing else: whatever they ask of
 * another host ends here with 403 and is on record.
 */
export async function startTripwire(): Promise<Tripwire> {
  const attempts: string[] = []
  const server = createServer((request, response) => {
    attempts.push(`${request.method} ${request.url}`)
    response.writeHead(403).end('the rehearsal does not leave this machine')
  })
  server.on('connect', (request, socket) => {
    attempts.push(`CONNECT ${request.url}`)
    socket.on('error', () => undefined).end('HTTP/1.1 403 Forbidden\r\n\r\n')
  })
  const url = await listen(server)
  return {
    url,
    attempts,
    forget: () => void attempts.splice(0),
    close: () => closed(server),
  }
}

/** Starts a server on a free port of loopback; gives its address without a slash at its end. */
export function listen(server: Server): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
}

/** Ends a server and the connections that clients keep open. */
export function closed(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => void server.close(() => resolve()))
}
