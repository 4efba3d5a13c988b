import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A real proxy on 127.0.0.1 that lets nothing through and remembers what it was asked for. */
export interface RefusingProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  /** In order, as `CONNECT host:port` or `METHOD address`. */
  readonly asked: readonly string[]
}

/**
 * Starts a proxy, to see who goes by it.
 * @param status what it answers everything with. Default 407: it asks for user and password.
 */
export async function refusingProxy(status = 407): Promise<RefusingProxy> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(status).end()
  })
  server.on('connect', ({ method, url }, socket: Socket) => {
    asked.push(`${method} ${url}`)
    socket.on('error', () => undefined).end(`HTTP/1.1 ${status} No\r\n\r\n`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
