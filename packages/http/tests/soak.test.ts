import { createServer, type Socket } from 'node:net'
import { isOpenMuxError } from '@openmux/core'
import { expect, test } from 'vitest'
import { fetchTransport, type Transport, undiciTransport } from '../src/index.js'
import { transportRequest } from './support/context.js'
import { until } from './support/outcome.js'

/** Numbers from 0 to 1 that are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A server that answers in every framing, at every pace, and hangs up in every way. */
async function moodyServer(
  random: () => number,
): Promise<{ url: string; sockets: Set<Socket>; close(): void }> {
  const sockets = new Set<Socket>()
  const answers = [
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n',
    'HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nabcdef',
    'HTTP/1.1 200 OK\r\n\r\nabcdef',
    'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 2\r\nretry-after: 1\r\n\r\n{}',
    'garbage\r\n\r\n',
  ]
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', () => {
      const answer = answers[Math.floor(random() * answers.length)] ?? ''
      const cut = Math.floor(random() * answer.length)
      const mood = random()
      setTimeout(() => socket.write(answer.slice(0, cut)), random() * 4)
      setTimeout(
        () => {
          if (mood < 0.6) socket.write(answer.slice(cut))
          else if (mood < 0.75) socket.end()
          else if (mood < 0.9) socket.resetAndDestroy()
        },
        4 + random() * 4,
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/`,
    sockets,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

/** One call with a random limit, abort or early leave; anything but a typed error fails the test. */
async function oneCall(transport: Transport, url: string, random: () => number): Promise<string> {
  const controller = new AbortController()
  const way = random()
  const leaving = random() * 12
  if (way < 0.4) setTimeout(() => controller.abort(), leaving)
  try {
    const response = await transport.send(
      transportRequest(url, {
        signal: controller.signal,
        timeouts: { connectMs: 40, headersMs: 40, idleMs: 40 },
      }),
    )
    if (way > 0.9) {
      await response.cancel()
      return 'cancelled'
    }
    for await (const _chunk of response.body) if (way > 0.8) break
    return 'ended'
  } catch (thrown) {
    if (isOpenMuxError(thrown)) return thrown.code
    throw new Error('threw something that is no OpenMuxError', { cause: thrown })
  }
}

test.each<readonly [string, () => Transport]>([
  ['undici', () => undiciTransport()],
  ['fetch', () => fetchTransport((url, init) => fetch(url, init))],
])(
  '600 calls to a moody server over %s all end, typed, and leave no connection behind',
  async (kind, make) => {
    const random = seeded(42)
    const server = await moodyServer(random)
    const transport = make()
    const outcomes = new Map<string, number>()
    for (let round = 0; round < 15; round += 1) {
      const results = await Promise.all(
        Array.from({ length: 40 }, () => oneCall(transport, server.url, random)),
      )
      for (const result of results) outcomes.set(result, (outcomes.get(result) ?? 0) + 1)
    }
    const known = ['aborted', 'bad-response', 'cancelled', 'ended', 'network', 'timeout', 'truncated']
    expect([...outcomes.keys()].filter((outcome) => !known.includes(outcome))).toEqual([])
    expect(outcomes.get('ended')).toBeGreaterThan(0)
    expect(outcomes.get('aborted')).toBeGreaterThan(0)
    await transport.close()
    // The pool of the built-in fetch is not ours to close.
    if (kind === 'undici') await until(() => server.sockets.size === 0)
    server.close()
  },
)
