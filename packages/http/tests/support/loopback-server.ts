import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A real HTTP server on loopback whose answers a test writes itself, and which remembers what it saw. */
export interface LoopbackServer {
  readonly port: number
  readonly url: string
  /** Every request, in order. */
  readonly seen: SeenRequest[]
  /** Number of TCP connections ever accepted. */
  readonly connections: () => number
  close(): Promise<void>
}

export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** Resolves with the moment at which the connection of this request was closed, ms on the monotonic clock. */
  readonly closedAt: Promise<number>
}

export type Script = (request: SeenRequest, response: ServerResponse, socket: Socket) => void | Promise<void>

export async function loopbackServer(script: Script): Promise<LoopbackServer> {
  const seen: SeenRequest[] = []
  let connections = 0
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    const closedAt = new Promise<number>((resolve) => {
      response.on('close', () => resolve(performance.now()))
    })
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const record = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        closedAt,
      }
      seen.push(record)
      void script(record, response, request.socket)
    })
  })
  server.on('connection', () => {
    connections += 1
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
