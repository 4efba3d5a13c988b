import { createServer, request as forwarded, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { Identity } from './certificate.js'

/** A real proxy on loopback that remembers what it was asked for: `CONNECT host:port` or `GET http://…`. */
export interface LoopbackProxy {
  readonly port: number
  readonly url: string
  readonly asked: string[]
  /** What `Proxy-Authorization` each asked with. */
  readonly credentials: (string | undefined)[]
  /** Connections from clients that stand. */
  readonly sockets: ReadonlySet<Socket>
  close(): Promise<void>
}

/** How it behaves. */
export interface ProxyScript {
  /** The status it answers everything with; `silent`: it takes the connection and says nothing; `hangs-up`: it closes. */
  readonly refuse?: number | 'silent' | 'hangs-up'
  /** Ways of proving who one is that it offers with a 407. */
  readonly challenge?: string
  /** Where it connects to, whatever it is asked for: names of the test exist nowhere. */
  readonly to?: number
  /** It speaks TLS with this certificate. */
  readonly identity?: Identity
}

export async function loopbackProxy(script: ProxyScript = {}): Promise<LoopbackProxy> {
  const { refuse, challenge, to, identity } = script
  const offered = challenge === undefined ? {} : { 'proxy-authenticate': challenge }
  const asked: string[] = []
  const credentials: (string | undefined)[] = []
  const sockets = new Set<Socket>()
  const onRequest: RequestListener = (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    credentials.push(request.headers['proxy-authorization'])
    if (refuse === 'silent') return
    if (refuse === 'hangs-up') return void request.socket.destroy()
    if (refuse !== undefined) return void response.writeHead(refuse, offered).end()
    const { 'proxy-authorization': _own, ...headers } = request.headers
    const { hostname, port, pathname, search } = new URL(request.url ?? '')
    const target =
      to === undefined
        ? { host: hostname, port: port === '' ? 80 : Number(port) }
        : { host: '127.0.0.1', port: to }
    const onward = forwarded(
      { ...target, path: pathname + search, method: request.method, headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      },
    )
    onward.on('error', () => response.destroy())
    request.pipe(onward)
  }
  const server = identity === undefined ? createServer(onRequest) : createSecureServer(identity, onRequest)
  server.on('connect', (request, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`)
    credentials.push(request.headers['proxy-authorization'])
    socket.on('error', () => undefined)
    // Read on, so that it is seen when the client leaves.
    if (refuse === 'silent') return void socket.resume().on('end', () => socket.destroy())
    if (refuse === 'hangs-up') return void socket.destroy()
    const lines = Object.entries(offered).map(([name, value]) => `${name}: ${value}\r\n`)
    if (refuse !== undefined) return void socket.end(`HTTP/1.1 ${refuse} No\r\n${lines.join('')}\r\n`)
    const { hostname, port } = new URL(`http://${request.url}`)
    const target = connect(to ?? Number(port), to === undefined ? hostname : '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      target.pipe(socket).pipe(target)
    })
    target.on('error', () => socket.destroy())
    target.on('close', () => socket.destroy())
    socket.on('close', () => target.destroy())
  })
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    asked,
    credentials,
    sockets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}
