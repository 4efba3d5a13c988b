import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { RequestHandler } from 'msw'
import { answerWith, createHandlerSet } from './answer.js'
import { createTrafficLog, type TrafficLog, type Upstream } from './seen-request.js'
import { sendResponse } from './send-response.js'

/** Options of {@link serveHandlers}. */
export interface ServeOptions {
  /** Default: a free one. Give the old one to come back at the same address. */
  readonly port?: number
}

/** MSW handlers behind a real HTTP server on 127.0.0.1. */
export interface HandlerServer extends Upstream {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string
  /** `127.0.0.1:PORT`. */
  readonly host: string
  readonly port: number
  /** Requests that no handler answered, as `METHOD path`; their clients got 501. */
  readonly unhandled: readonly string[]
  /** Sockets that are open now, idle ones included. */
  connections(): number
  /** Puts `handlers` in front of the others. */
  use(...handlers: readonly RequestHandler[]): void
  /** Back to the handlers the server was made with; forgets the requests seen. */
  reset(): void
  /** Destroys every open socket and goes on listening. */
  cutConnections(): void
  /** Destroys every socket and stops listening; the address then refuses connections. Safe to call twice. */
  close(): Promise<void>
}

/**
 * Serves MSW 3 handlers over real loopback HTTP, for code whose traffic MSW cannot see (undici's
 * own `request`) and for failures only a socket can show. Handlers must be written for any host
 * (`*\/api/chat`). A handler's `request.signal` aborts, and its stream is cancelled, when the
 * client goes away; a stream that errors cuts the connection in the middle of the body.
 */
export async function serveHandlers(
  handlers: readonly RequestHandler[],
  options: ServeOptions = {},
): Promise<HandlerServer> {
  const set = createHandlerSet(handlers)
  const log = createTrafficLog()
  const unhandled: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((incoming, out) => {
    serveOne(incoming, out, set.current, log, unhandled).catch(() => out.destroy())
  })
  // Tests decide about time; a server that hangs up on its own would make them guess.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 60_000
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  const port = await listen(server, options.port ?? 0)
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
  }
  let closed: Promise<void> | undefined
  return {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    port,
    unhandled,
    requests: log.requests,
    connections: () => sockets.size,
    use: set.use,
    reset() {
      set.reset()
      log.forget()
      unhandled.length = 0
    },
    cutConnections: cut,
    close() {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve())
        cut()
      })
      return closed
    },
  }
}

async function serveOne(
  incoming: IncomingMessage,
  out: ServerResponse,
  handlers: () => readonly RequestHandler[],
  log: TrafficLog,
  unhandled: string[],
): Promise<void> {
  const leaving = new AbortController()
  const body = await readBody(incoming)
  const request = toRequest(incoming, body, leaving.signal)
  const exchange = log.open(request, new TextDecoder().decode(body))
  out.once('close', () => {
    if (out.writableFinished) return
    exchange.abandonedByClient()
    leaving.abort(new DOMException('The client went away', 'AbortError'))
  })
  let response = await answerWith(handlers(), request)
  if (response === undefined) {
    const what = `${request.method} ${new URL(request.url).pathname}`
    unhandled.push(what)
    response = new Response(`The double has no handler for ${what}`, { status: 501 })
  }
  const outcome = await sendResponse(response, out, request.method !== 'HEAD')
  if (outcome !== 'left') exchange.finished()
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return new Uint8Array(Buffer.concat(chunks))
}

function toRequest(incoming: IncomingMessage, body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET'
  const headers = new Headers()
  for (let i = 0; i + 1 < incoming.rawHeaders.length; i += 2) {
    headers.append(incoming.rawHeaders[i] ?? '', incoming.rawHeaders[i + 1] ?? '')
  }
  const url = new URL(incoming.url ?? '/', `http://${incoming.headers.host ?? '127.0.0.1'}`)
  const hasBody = method !== 'GET' && method !== 'HEAD' && body.length > 0
  return new Request(url, { method, headers, signal, ...(hasBody ? { body } : {}) })
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
