import { createServer, type Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fetchTransport, type Transport, undiciTransport } from '../src/index.js'
import { transportRequest } from './support/context.js'
import { type LoopbackServer, loopbackServer, type Script } from './support/loopback-server.js'
import { drain, errorOf, textOf, until } from './support/outcome.js'

const kinds: readonly (readonly [string, () => Transport])[] = [
  ['undici', () => undiciTransport()],
  ['fetch', () => fetchTransport((url, init) => fetch(url, init))],
]

describe.each(kinds)('the %s transport', (kind, make) => {
  let transport: Transport
  const servers: LoopbackServer[] = []

  const serve = async (script: Script): Promise<LoopbackServer> => {
    const server = await loopbackServer(script)
    servers.push(server)
    return server
  }

  beforeEach(() => {
    transport = make()
  })
  afterEach(async () => {
    await transport.close()
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  test('sends method, path, query, headers and body, and hands back status, headers and body', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(201, { 'X-Thing': 'one', 'Set-Cookie': ['a=1', 'b=2'] })
      response.end('grüße')
    })
    const response = await transport.send(
      transportRequest(`${server.url}/a/b%20c?x=1`, {
        method: 'POST',
        headers: { 'x-own': 'yes' },
        body: 'hällo',
      }),
    )
    expect(response.status).toBe(201)
    expect(response.headers['x-thing']).toBe('one')
    expect(response.headers['set-cookie']).toContain('b=2')
    expect(await textOf(response.body)).toBe('grüße')
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/a/b%20c?x=1', body: 'hällo' })
    expect(server.seen[0]?.headers['x-own']).toBe('yes')
    expect(server.seen[0]?.headers['user-agent']).toBeTruthy()
  })

  test.each(['GET', 'POST', 'DELETE', 'HEAD', 'PUT'] as const)('can %s', async (method) => {
    const server = await serve((_request, response) => void response.end())
    const response = await transport.send(transportRequest(server.url, { method }))
    expect(await textOf(response.body)).toBe('')
    expect(server.seen[0]?.method).toBe(method)
  })

  test('sends bytes as they are', async () => {
    const server = await serve((_request, response) => void response.end())
    const bytes = new TextEncoder().encode('ab\0c')
    await transport.send(transportRequest(server.url, { method: 'POST', body: bytes.subarray(1) }))
    expect(server.seen[0]?.body).toBe('b\0c')
  })

  test('hands out the first bytes before the rest is sent', async () => {
    let release = (): void => undefined
    const server = await serve((_request, response) => {
      response.write('first')
      release = () => void response.end('second')
    })
    const response = await transport.send(transportRequest(server.url))
    const body = response.body[Symbol.asyncIterator]()
    expect(Buffer.from((await body.next()).value as Uint8Array).toString()).toBe('first')
    release()
    expect(Buffer.from((await body.next()).value as Uint8Array).toString()).toBe('second')
    expect((await body.next()).done).toBe(true)
    expect((await body.next()).done).toBe(true)
  })

  test('uses one connection for calls that follow each other', async () => {
    const server = await serve((_request, response) => void response.end('ok'))
    for (let call = 0; call < 5; call += 1) {
      const response = await transport.send(transportRequest(server.url))
      expect(await textOf(response.body)).toBe('ok')
      // undici takes a connection back one turn of the loop after its answer.
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(server.connections()).toBe(1)
  })

  test('does not follow redirects', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(307, { location: 'http://127.0.0.1:9/elsewhere' })
      response.end()
    })
    const response = await transport.send(transportRequest(server.url, { method: 'POST', body: 'x' }))
    expect(response.status).toBe(307)
    expect(server.seen).toHaveLength(1)
    await response.cancel()
  })

  test('undoes a compression nobody asked for', async () => {
    const text = JSON.stringify({ text: 'äöü'.repeat(10_000) })
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync(text))
    })
    const response = await transport.send(
      transportRequest(server.url, { headers: { 'accept-encoding': 'identity' } }),
    )
    expect(await textOf(response.body)).toBe(text)
  })

  // Node's own fetch does not notice.
  test.runIf(kind === 'undici')('reports a compressed body that was cut as truncated', async () => {
    const whole = gzipSync(Buffer.from(Array.from({ length: 4_000 }, (_, index) => (index * 7_919) % 251)))
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(whole.subarray(0, whole.length - 200))
    })
    const response = await transport.send(transportRequest(server.url))
    expect((await drain(response.body)).error).toMatchObject({ code: 'truncated' })
  })

  test('leaving a compressed body early closes the connection', async () => {
    const noise = Buffer.from(
      Array.from({ length: 300_000 }, (_, index) => (index * index * 31 + (index >> 3)) % 256),
    )
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.write(gzipSync(noise))
    })
    const response = await transport.send(transportRequest(server.url))
    for await (const _chunk of response.body) break
    await server.seen[0]?.closedAt
  })

  test('an abort before sending sends nothing', async () => {
    const server = await serve((_request, response) => void response.end())
    const error = await errorOf(transport.send(transportRequest(server.url, { signal: AbortSignal.abort() })))
    expect(error.code).toBe('aborted')
    expect(server.seen).toHaveLength(0)
  })

  test('an abort while waiting for headers closes the upstream within 50 ms', async () => {
    const server = await serve(() => undefined)
    const controller = new AbortController()
    const answer = errorOf(transport.send(transportRequest(server.url, { signal: controller.signal })))
    await until(() => server.seen.length === 1)
    const leftAt = performance.now()
    controller.abort()
    expect((await answer).code).toBe('aborted')
    expect(((await server.seen[0]?.closedAt) ?? Infinity) - leftAt).toBeLessThan(50)
  })

  test('an abort in the middle of the body closes the upstream within 50 ms and throws aborted', async () => {
    const server = await serve((_request, response) => void response.write('some'))
    const controller = new AbortController()
    const response = await transport.send(transportRequest(server.url, { signal: controller.signal }))
    const body = response.body[Symbol.asyncIterator]()
    await body.next()
    const waiting = errorOf(body.next())
    const leftAt = performance.now()
    controller.abort()
    expect((await waiting).code).toBe('aborted')
    expect(((await server.seen[0]?.closedAt) ?? Infinity) - leftAt).toBeLessThan(50)
  })

  test('leaving the loop closes the upstream within 50 ms', async () => {
    const server = await serve((_request, response) => void response.write('some'))
    const response = await transport.send(transportRequest(server.url))
    for await (const _chunk of response.body) break
    const leftAt = performance.now()
    expect(((await server.seen[0]?.closedAt) ?? Infinity) - leftAt).toBeLessThan(50)
  })

  test('cancelling an unread body closes the upstream, twice as well as once', async () => {
    const server = await serve((_request, response) => void response.write('some'))
    const response = await transport.send(transportRequest(server.url))
    await response.cancel()
    await response.cancel()
    await server.seen[0]?.closedAt
    expect((await drain(response.body)).error).toMatchObject({ code: 'aborted' })
  })

  test('cancelling while a reader waits ends that reader with aborted, not with a regular end', async () => {
    const server = await serve((_request, response) => void response.write('some'))
    const response = await transport.send(transportRequest(server.url))
    const body = response.body[Symbol.asyncIterator]()
    await body.next()
    const waiting = errorOf(body.next())
    await response.cancel()
    expect((await waiting).code).toBe('aborted')
  })

  test('an abort after the end changes nothing', async () => {
    const server = await serve((_request, response) => void response.end('all'))
    const controller = new AbortController()
    const response = await transport.send(transportRequest(server.url, { signal: controller.signal }))
    expect(await textOf(response.body)).toBe('all')
    controller.abort()
    expect((await drain(response.body)).error).toBeUndefined()
  })

  test('slow headers are a timeout of the first token, and the connection is closed', async () => {
    const server = await serve(() => undefined)
    const error = await errorOf(
      transport.send(transportRequest(server.url, { timeouts: { connectMs: 20, headersMs: 30, idleMs: 0 } })),
    )
    expect(error).toMatchObject({ code: 'timeout', phase: 'first-token' })
    await server.seen[0]?.closedAt
  })

  test('no limit on headers waits', async () => {
    let release = (): void => undefined
    const server = await serve((_request, response) => {
      release = () => void response.end('late')
    })
    const answer = transport.send(
      transportRequest(server.url, { timeouts: { connectMs: 20, headersMs: 0, idleMs: 20 } }),
    )
    await until(() => server.seen.length === 1)
    await new Promise((resolve) => setTimeout(resolve, 80))
    release()
    expect(await textOf((await answer).body)).toBe('late')
  })

  test('a stall in the body is a timeout of phase idle after the bytes that came', async () => {
    const server = await serve((_request, response) => void response.write('some'))
    const response = await transport.send(
      transportRequest(server.url, { timeouts: { connectMs: 5_000, headersMs: 0, idleMs: 40 } }),
    )
    const { items, error } = await drain(response.body)
    expect(Buffer.concat(items).toString()).toBe('some')
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle' })
    await server.seen[0]?.closedAt
  })

  test('a slow reader is no stall', async () => {
    const server = await serve((_request, response) => {
      response.write('one')
      setTimeout(() => response.end('two'), 10)
    })
    const response = await transport.send(
      transportRequest(server.url, { timeouts: { connectMs: 5_000, headersMs: 0, idleMs: 40 } }),
    )
    let text = ''
    for await (const chunk of response.body) {
      text += Buffer.from(chunk).toString()
      await new Promise((resolve) => setTimeout(resolve, 90))
    }
    expect(text).toBe('onetwo')
  })

  test('bytes that keep coming are no stall, however long it takes', async () => {
    const server = await serve((_request, response) => {
      let left = 12
      const timer = setInterval(() => {
        response.write('x')
        left -= 1
        if (left > 0) return
        clearInterval(timer)
        response.end()
      }, 15)
    })
    const response = await transport.send(
      transportRequest(server.url, { timeouts: { connectMs: 5_000, headersMs: 0, idleMs: 120 } }),
    )
    expect(await textOf(response.body)).toBe('x'.repeat(12))
  })

  test('a reset in the middle of the body is truncated, after the bytes that came', async () => {
    const server = await serve((_request, response, socket) => {
      response.write('half')
      setTimeout(() => socket.resetAndDestroy(), 10)
    })
    const response = await transport.send(transportRequest(server.url))
    const { items, error } = await drain(response.body)
    expect(Buffer.concat(items).toString()).toBe('half')
    expect(error).toMatchObject({ code: 'truncated', fault: 'target' })
  })

  test('fewer bytes than promised are truncated', async () => {
    const server = await serve((_request, response, socket) => {
      response.writeHead(200, { 'content-length': '100' })
      response.write('short')
      setTimeout(() => socket.end(), 10)
    })
    const response = await transport.send(transportRequest(server.url))
    const { items, error } = await drain(response.body)
    expect(Buffer.concat(items).toString()).toBe('short')
    expect(error?.code).toBe('truncated')
  })

  test('a connection closed without an answer is a network error of the endpoint', async () => {
    const server = await serve((_request, _response, socket) => void socket.destroy())
    const error = await errorOf(transport.send(transportRequest(server.url)))
    expect(error).toMatchObject({ code: 'network', scope: 'endpoint' })
  })

  test('a refused connection names host and port', async () => {
    const server = await loopbackServer(() => undefined)
    await server.close()
    const error = await errorOf(transport.send(transportRequest(server.url)))
    expect(error).toMatchObject({ code: 'network', scope: 'endpoint' })
    expect(error.message).toContain(`127.0.0.1:${server.port}`)
  })

  test('a name that cannot be looked up is the trouble of this machine', async () => {
    const error = await errorOf(transport.send(transportRequest('http://no-such-host.invalid/')))
    expect(error).toMatchObject({ code: 'network', scope: 'machine' })
    expect(error.hint).toContain('name server')
  })

  test('a port that speaks something else is a bad response', async () => {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.write('SSH-2.0-OpenSSH_9.2\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0
    const error = await errorOf(transport.send(transportRequest(`http://127.0.0.1:${port}/`)))
    expect(error.code).toBe('bad-response')
    for (const socket of sockets) socket.destroy()
    server.close()
  })

  test('https to a server without TLS is a network error that says so', async () => {
    const server = await serve((_request, response) => void response.end())
    const error = await errorOf(transport.send(transportRequest(server.url.replace('http:', 'https:'))))
    expect(error.code).toBe('network')
    expect(error.message).toContain('TLS')
  })

  test('closing ends calls under way with aborted and refuses new ones', async () => {
    const server = await serve((request, response) => {
      if (request.path === '/body') response.write('some')
    })
    const waiting = errorOf(transport.send(transportRequest(`${server.url}/headers`)))
    const response = await transport.send(transportRequest(`${server.url}/body`))
    const reading = drain(response.body)
    await until(() => server.seen.length === 2)
    await transport.close()
    await transport.close()
    expect((await waiting).code).toBe('aborted')
    expect((await reading).error?.code).toBe('aborted')
    expect((await errorOf(transport.send(transportRequest(server.url)))).code).toBe('aborted')
  })

  test('works on after every failure', async () => {
    let calls = 0
    const server = await serve((_request, response, socket) => {
      calls += 1
      if (calls === 1) socket.destroy()
      else response.end('ok')
    })
    await errorOf(transport.send(transportRequest(server.url)))
    expect(await textOf((await transport.send(transportRequest(server.url))).body)).toBe('ok')
  })

  test('many calls at once do not mix up their answers', async () => {
    const server = await serve((request, response) => {
      setTimeout(() => response.end(request.path.repeat(50)), Number(request.path.slice(1)) % 7)
    })
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const response = await transport.send(transportRequest(`${server.url}/${index}`))
        return textOf(response.body)
      }),
    )
    expect(answers).toEqual(Array.from({ length: 60 }, (_, index) => `/${index}`.repeat(50)))
  })

  test('a reader that does not read holds the sender back', async () => {
    let written = 0
    const server = await serve((_request, response) => {
      const chunk = Buffer.alloc(256 * 1024, 'x')
      const more = (): void => {
        while (written < 64 * 1024 * 1024) {
          written += chunk.length
          if (!response.write(chunk)) {
            response.once('drain', more)
            return
          }
        }
        response.end()
      }
      more()
    })
    const response = await transport.send(transportRequest(server.url))
    const body = response.body[Symbol.asyncIterator]()
    await body.next()
    let before = -1
    while (before !== written) {
      before = written
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    expect(written).toBeLessThan(32 * 1024 * 1024)
    let length = 0
    for await (const chunk of response.body) length += chunk.byteLength
    expect(length).toBeGreaterThan(60 * 1024 * 1024)
  })
})
