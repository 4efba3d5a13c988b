import { createServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

/** A real proxy on loopback that lets nothing through and remembers what it was asked for. */
export interface RefusingProxy extends AsyncDisposable {
  readonly url: string
  readonly asked: string[]
}

export async function refusingProxy(): Promise<RefusingProxy> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(407).end()
  })
  server.on('connect', ({ method, url }, socket: Socket) => {
    asked.push(`${method} ${url}`)
    socket.end('HTTP/1.1 407 No\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
