import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '@openmux/core'
import type { StormUpstream } from './upstream.ts'

/** The storm behind real sockets: `http://127.0.0.1:<port>/<target>/v1`. */
export class StormServer {
  /** Answers that have begun and not ended. */
  open = 0
  readonly #upstream: StormUpstream
  readonly #clock: Clock
  readonly #server: Server

  constructor(upstream: StormUpstream, clock: Clock) {
    this.#upstream = upstream
    this.#clock = clock
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy())
    })
    this.#server.keepAliveTimeout = 60_000
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  connections(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.getConnections((error, count) => (error === null ? resolve(count) : reject(error)))
    })
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.open += 1
    const left = new Promise<void>((resolve) => {
      response.once('close', () => {
        this.open -= 1
        resolve()
      })
    })
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const [, target = '', ...path] = (request.url ?? '').split('/')
    const text = Buffer.concat(chunks).toString('utf8')
    const script = this.#upstream.answer(target, request.method ?? 'GET', `/${path.join('/')}`, text)
    const wait = (ms: number): Promise<void> => {
      let cancel = (): void => undefined
      const over = new Promise<void>((resolve) => {
        cancel = this.#clock.after(ms, resolve)
      })
      // A caller who left is not waited for.
      return Promise.race([over, left]).finally(cancel)
    }
    await wait(script.delayMs)
    if (response.destroyed) return
    if (script.refused !== undefined) {
      if (script.refused === 'HPE_INVALID_CONSTANT') request.socket.end('HTTP/1.1 200 OK\r\ncontent-ty')
      else request.socket.resetAndDestroy()
      return
    }
    response.sendDate = false
    response.writeHead(script.status, script.headers)
    response.flushHeaders()
    for (const step of script.steps) {
      if (response.destroyed) return
      if (step.do === 'end') response.end()
      else if (step.do === 'cut') request.socket.destroy()
      else if (step.do === 'wait') await wait(step.ms)
      else if (!response.write(step.bytes))
        await Promise.race([new Promise((resolve) => response.once('drain', resolve)), left])
      // Each packet on its own: the client must not see them as one.
      if (step.do === 'send') await new Promise((resolve) => setImmediate(resolve))
    }
  }
}
