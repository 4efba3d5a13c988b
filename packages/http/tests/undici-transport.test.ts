import { createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { defaultTransport, undiciTransport } from '../src/index.js'
import { transportRequest } from './support/context.js'
import { loopbackServer } from './support/loopback-server.js'
import { errorOf, textOf, until } from './support/outcome.js'

/** Accepts connections and never says a word, so that a TLS handshake never ends. */
async function silentServer(): Promise<{ port: number; sockets: Set<Socket>; close(): void }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    sockets,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

test('a connection that does not come to stand is a timeout of phase connect, and its socket is closed', async () => {
  const server = await silentServer()
  const transport = undiciTransport()
  const error = await errorOf(
    transport.send(
      transportRequest(`https://127.0.0.1:${server.port}/`, {
        timeouts: { connectMs: 60, headersMs: 0, idleMs: 0 },
      }),
    ),
  )
  expect(error).toMatchObject({ code: 'timeout', phase: 'connect', scope: 'endpoint' })
  await until(() => server.sockets.size === 0)
  await transport.close()
  server.close()
})

test('an abort while connecting ends at once and closes the socket', async () => {
  const server = await silentServer()
  const transport = undiciTransport()
  const controller = new AbortController()
  const answer = errorOf(
    transport.send(transportRequest(`https://127.0.0.1:${server.port}/`, { signal: controller.signal })),
  )
  await until(() => server.sockets.size === 1)
  const leftAt = performance.now()
  controller.abort()
  expect((await answer).code).toBe('aborted')
  expect(performance.now() - leftAt).toBeLessThan(50)
  await until(() => server.sockets.size === 0)
  await transport.close()
  server.close()
})

test('closing while connecting ends the call and closes the socket', async () => {
  const server = await silentServer()
  const transport = undiciTransport()
  const answer = errorOf(transport.send(transportRequest(`https://127.0.0.1:${server.port}/`)))
  await until(() => server.sockets.size === 1)
  await transport.close()
  expect((await answer).code).toBe('aborted')
  await until(() => server.sockets.size === 0)
  server.close()
})

test('with a limit on connections further calls wait for a free one', async () => {
  let open = 0
  let most = 0
  const server = await loopbackServer((_request, response) => {
    open += 1
    most = Math.max(most, open)
    setTimeout(() => {
      open -= 1
      response.end('ok')
    }, 10)
  })
  const transport = undiciTransport({ connections: 2 })
  const answers = await Promise.all(
    Array.from({ length: 8 }, async () => textOf((await transport.send(transportRequest(server.url))).body)),
  )
  expect(answers).toEqual(Array.from({ length: 8 }, () => 'ok'))
  expect(most).toBe(2)
  await transport.close()
  await server.close()
})

test('an informational answer before the real one is passed over', async () => {
  const server = await loopbackServer((_request, response) => {
    response.writeProcessing()
    response.end('real')
  })
  const transport = undiciTransport()
  const response = await transport.send(transportRequest(server.url))
  expect(response.status).toBe(200)
  expect(await textOf(response.body)).toBe('real')
  await transport.close()
  await server.close()
})

test('asks for no compression, and refuses one it cannot undo', async () => {
  const server = await loopbackServer((_request, response) => {
    response.writeHead(200, { 'content-encoding': 'zstd' })
    response.end('x')
  })
  const transport = undiciTransport()
  const error = await errorOf(transport.send(transportRequest(server.url)))
  expect(error).toMatchObject({ code: 'bad-response' })
  expect(error.message).toContain('zstd')
  expect(server.seen[0]?.headers['accept-encoding']).toBeUndefined()
  await transport.close()
  await server.close()
})

test('a header with a line break is a bad request that does not reach the server', async () => {
  const server = await loopbackServer((_request, response) => void response.end())
  const transport = undiciTransport()
  const error = await errorOf(
    transport.send(transportRequest(server.url, { headers: { 'x-a': 'b\r\nx-c: d' } })),
  )
  expect(error.code).toBe('bad-request')
  expect(server.seen).toHaveLength(0)
  await transport.close()
  await server.close()
})

test('the default transport on Node is the pool', async () => {
  const server = await loopbackServer((_request, response) => void response.end('ok'))
  const transport = defaultTransport()
  await textOf((await transport.send(transportRequest(server.url))).body)
  expect(server.seen[0]?.headers['user-agent']).toBe('openmux')
  await transport.close()
  await server.close()
})

test('a call that waits for a free connection does not time out as one that cannot connect', async () => {
  const server = await loopbackServer((_request, response) => {
    setTimeout(() => response.end('ok'), 120)
  })
  const transport = undiciTransport({ connections: 1 })
  const timeouts = { connectMs: 60, headersMs: 0, idleMs: 0 }
  const answers = await Promise.all(
    Array.from({ length: 3 }, async () =>
      textOf((await transport.send(transportRequest(server.url, { timeouts }))).body),
    ),
  )
  expect(answers).toEqual(['ok', 'ok', 'ok'])
  expect(server.connections()).toBe(1)
  await transport.close()
  await server.close()
})

test('calls that wait for a connection still time out once their own turn to connect has come', async () => {
  const server = await silentServer()
  const transport = undiciTransport({ connections: 1 })
  const timeouts = { connectMs: 60, headersMs: 0, idleMs: 0 }
  const errors = await Promise.all(
    Array.from({ length: 3 }, () =>
      errorOf(transport.send(transportRequest(`https://127.0.0.1:${server.port}/`, { timeouts }))),
    ),
  )
  expect(errors.map((error) => error.phase)).toEqual(['connect', 'connect', 'connect'])
  await until(() => server.sockets.size === 0)
  await transport.close()
  server.close()
})

test('an abort of a waiting call leaves the connection that another call opens alone', async () => {
  const server = await loopbackServer((request, response) => {
    // The first answer ends its connection, so that one of those who wait must open another.
    setTimeout(() => response.writeHead(200, { connection: 'close' }).end(request.path), 40)
  })
  const transport = undiciTransport({ connections: 1 })
  const controller = new AbortController()
  const send = async (path: string, signal = new AbortController().signal): Promise<string> =>
    textOf((await transport.send(transportRequest(server.url + path, { signal }))).body)
  const first = send('/1')
  const left = errorOf(send('/left', controller.signal))
  const last = send('/2')
  await until(() => server.seen.length === 1)
  controller.abort()
  expect((await left).code).toBe('aborted')
  expect([await first, await last]).toEqual(['/1', '/2'])
  expect(server.seen.map((request) => request.path)).toEqual(['/1', '/2'])
  await transport.close()
  await server.close()
})
