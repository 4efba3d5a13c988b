import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fetchTransport, type Transport, undiciTransport } from '../src/index.js'
import { transportRequest } from './support/context.js'
import { textOf } from './support/outcome.js'

/** A server in a thread of its own, so that it answers while this one is busy. */
const source = `
  const { createServer } = require('node:http')
  const { parentPort } = require('node:worker_threads')
  const server = createServer((request, response) => {
    setTimeout(() => response.write('one'), 30)
    setTimeout(() => response.end('two'), 400)
  })
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`
let worker: Worker
let url: string
beforeAll(async () => {
  worker = new Worker(source, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  url = `http://127.0.0.1:${port}/`
})
afterAll(() => worker.terminate())

/** Blocks the loop at the place from which timers come before input: in an immediate, a few turns from now. */
async function busyBeforeTimers(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5))
  await new Promise<void>((resolve) => {
    setImmediate(() => {
      const end = performance.now() + ms
      while (performance.now() < end);
      resolve()
    })
  })
}

test.each<readonly [string, () => Transport]>([
  ['undici', () => undiciTransport()],
  ['fetch', () => fetchTransport((input, init) => fetch(input, init))],
])('over %s a process that was busy itself does not blame the server', async (_kind, make) => {
  const transport = make()
  // Brings up the connection, so that only the answer is waited for.
  await textOf((await transport.send(transportRequest(url))).body)
  const sent = transport.send(
    transportRequest(url, { timeouts: { connectMs: 60, headersMs: 60, idleMs: 60 } }),
  )
  await busyBeforeTimers(250)
  const body = (await sent).body[Symbol.asyncIterator]()
  expect((await body.next()).done).toBe(false)
  const rest = body.next()
  await busyBeforeTimers(450)
  await rest
  await transport.close()
})
