import { delay, http, HttpResponse } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { createHttpClient } from '../src/index.js'
import { callContext } from './support/context.js'
import { drain, errorOf } from './support/outcome.js'

/** Providers are tested over MSW with the built-in `fetch`; this proves that our transport and MSW understand each other. */
const mock = setupServer()
beforeAll(() => mock.listen({ onUnhandledFrame: 'error' }))
afterEach(() => mock.resetHandlers())
afterAll(() => mock.close())

const client = createHttpClient({
  provider: 'p',
  baseURL: 'https://api.example.com/v1',
  apiKey: 'key-0123456789',
  fetch: (url, init) => fetch(url, init),
})

test('whole answers and failed ones', async () => {
  mock.use(
    http.post('https://api.example.com/v1/chat', async ({ request }) =>
      HttpResponse.json({ auth: request.headers.get('authorization'), body: await request.json() }),
    ),
    http.get('https://api.example.com/v1/models', () =>
      HttpResponse.json({ error: 'Invalid username or password.' }, { status: 401 }),
    ),
  )
  const answer = await client.json({ path: '/chat', json: { a: 1 }, context: callContext() })
  expect(answer.value).toEqual({ auth: 'Bearer key-0123456789', body: { a: 1 } })
  expect((await errorOf(client.json({ path: '/models', context: callContext() }))).code).toBe('auth')
})

test('a redirect is not followed', async () => {
  mock.use(
    http.get('https://api.example.com/v1/x', () => HttpResponse.redirect('https://other.example.com/y', 302)),
  )
  const error = await errorOf(client.json({ path: '/x', context: callContext() }))
  expect(error).toMatchObject({ code: 'endpoint-moved' })
  expect(error.message).toContain('other.example.com')
})

test('streams that end, break, stall and are left', async () => {
  const encoder = new TextEncoder()
  // Chunked as from any real server: without it MSW 3.0 plays a body that ends with its connection, so that a break
  // looks like an end, and an abort trips an assertion inside Node's fetch.
  mock.use(
    http.get('https://api.example.com/v1/:kind', ({ params }) => {
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          controller.enqueue(encoder.encode('data: 1\n\n'))
          if (params['kind'] === 'whole') controller.close()
          if (params['kind'] === 'broken') setTimeout(() => controller.error(new TypeError('terminated')), 20)
        },
      })
      return new HttpResponse(body, {
        headers: { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' },
      })
    }),
  )
  const read = async (kind: string, signal?: AbortSignal) => {
    const answer = await client.stream({
      path: `/${kind}`,
      context: callContext(signal),
      timeouts: { idleMs: 80 },
    })
    return drain(answer.sse())
  }
  expect(await read('whole')).toEqual({ items: [{ event: 'message', data: '1' }], error: undefined })
  expect((await read('broken')).error).toMatchObject({ code: 'truncated', provider: 'p' })
  expect((await read('stalled')).error).toMatchObject({ code: 'timeout', phase: 'idle' })
  const answer = await client.stream({ path: '/left', context: callContext() })
  for await (const _event of answer.sse()) break
})

test('slow headers, network failure and abort', async () => {
  mock.use(
    http.get('https://api.example.com/v1/slow', async () => {
      await delay('infinite')
      return new HttpResponse()
    }),
    http.get('https://api.example.com/v1/down', () => HttpResponse.error()),
  )
  const slow = client.json({
    path: '/slow',
    context: callContext(),
    timeouts: { connectMs: 10, headersMs: 30 },
  })
  expect(await errorOf(slow)).toMatchObject({ code: 'timeout', phase: 'first-token' })
  expect((await errorOf(client.json({ path: '/down', context: callContext() }))).code).toBe('network')
  const controller = new AbortController()
  const left = errorOf(client.json({ path: '/slow', context: callContext(controller.signal) }))
  controller.abort()
  expect((await left).code).toBe('aborted')
})
