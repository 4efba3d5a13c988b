import { isOpenMuxError } from '@openmux/core'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createHttpClient,
  fetchTransport,
  type HttpClient,
  type HttpClientOptions,
  undiciTransport,
} from '../src/index.js'
import { callContext } from './support/context.js'
import { type LoopbackServer, loopbackServer, type Script } from './support/loopback-server.js'
import { drain, errorOf, until } from './support/outcome.js'

const KEY = 'key-0123456789-very-secret'

const kinds: readonly (readonly [string, Partial<HttpClientOptions>])[] = [
  ['undici', {}],
  ['fetch', { fetch: (url, init) => fetch(url, init) }],
]

describe.each(kinds)('a client over %s', (_kind, transportOptions) => {
  const clients: HttpClient[] = []
  const servers: LoopbackServer[] = []

  async function setUp(
    script: Script,
    options: Partial<HttpClientOptions> = {},
  ): Promise<{ client: HttpClient; server: LoopbackServer }> {
    const server = await loopbackServer(script)
    const client = createHttpClient({
      provider: 'p',
      baseURL: `${server.url}/v1/`,
      ...transportOptions,
      ...options,
    })
    servers.push(server)
    clients.push(client)
    return { client, server }
  }

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })

  test('json sends JSON with the key behind the prefix and gives back the value', async () => {
    const { client, server } = await setUp(
      (_request, response) => {
        response.writeHead(200, { 'x-request-id': 'r1' })
        response.end('{"ok":"grün"}')
      },
      { apiKey: KEY, headers: { 'X-Title': 'test' } },
    )
    const answer = await client.json({
      path: '/chat',
      json: { a: 'ä' },
      headers: { 'X-Own': '1' },
      context: callContext(),
    })
    expect(answer).toMatchObject({ status: 200, value: { ok: 'grün' }, headers: { 'x-request-id': 'r1' } })
    expect(server.seen[0]).toMatchObject({ method: 'POST', path: '/v1/chat', body: '{"a":"ä"}' })
    expect(server.seen[0]?.headers).toMatchObject({
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      accept: 'application/json',
      'x-title': 'test',
      'x-own': '1',
      'accept-encoding': 'identity',
    })
  })

  test('a call without a body is a GET, a body of bytes goes as it is', async () => {
    const { client, server } = await setUp((_request, response) => void response.end('{}'))
    await client.json({ path: 'tags', context: callContext() })
    await client.text({
      path: '/blob',
      bytes: new TextEncoder().encode('raw'),
      headers: { 'Content-Type': 'text/x' },
      context: callContext(),
    })
    await client.text({ path: '/x', method: 'DELETE', json: {}, context: callContext() })
    await client.text({ path: '/x', method: 'HEAD', context: callContext() })
    expect(server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`)).toEqual([
      'GET /v1/tags ',
      'POST /v1/blob raw',
      'DELETE /v1/x {}',
      'HEAD /v1/x ',
    ])
    expect(server.seen[0]?.headers['content-type']).toBeUndefined()
    expect(server.seen[1]?.headers['content-type']).toBe('text/x')
  })

  test('text gives back any success', async () => {
    const { client } = await setUp((_request, response) => {
      response.statusCode = 204
      response.end()
    })
    expect(await client.text({ path: '/x', context: callContext() })).toMatchObject({ status: 204, text: '' })
  })

  test('a failed status is a typed error that names provider, model and what was said', async () => {
    const { client } = await setUp((_request, response) => {
      response.writeHead(429, { 'retry-after': '2', 'x-request-id': 'r9' })
      response.end('{"error":{"message":"Rate limit exceeded","code":"rl"}}')
    })
    const before = Date.now()
    const error = await errorOf(client.json({ path: '/chat', json: {}, model: 'm', context: callContext() }))
    expect(error).toMatchObject({
      code: 'rate-limit',
      provider: 'p',
      model: 'm',
      message: 'HTTP 429: Rate limit exceeded',
      upstream: {
        status: 429,
        code: 'rl',
        requestId: 'r9',
        body: '{"error":{"message":"Rate limit exceeded","code":"rl"}}',
      },
    })
    expect(error.until).toBeGreaterThanOrEqual(before + 2_000)
  })

  test('the table of the upstream comes before the general one, which decides what it leaves open', async () => {
    const { client } = await setUp(
      ({ path }, response) => {
        response.statusCode = 500
        response.end(path.includes('known') ? '{"error":"num_ctx"}' : '{"error":"other"}')
      },
      {
        explain: ({ json, status, path, model }) =>
          JSON.stringify(json).includes('num_ctx')
            ? {
                code: 'bad-request',
                message: `${status} ${path} ${model}`,
                hint: 'h',
                scope: 'request',
                next: 'nowhere',
                until: 'never',
                upstreamCode: 'u',
              }
            : undefined,
      },
    )
    expect(
      await errorOf(client.json({ path: '/known?x=1', model: 'm', context: callContext() })),
    ).toMatchObject({
      code: 'bad-request',
      message: '500 /known m',
      hint: 'h',
      scope: 'request',
      next: 'nowhere',
      until: 'never',
      upstream: { code: 'u' },
    })
    expect(await errorOf(client.stream({ path: '/other', context: callContext() }))).toMatchObject({
      code: 'unavailable',
    })
  })

  test.each([
    [
      'a web page',
      '<!doctype html><html><head><title>Fritz!Box</title></head></html>',
      'Fritz!Box',
      'Something else listens',
    ],
    ['nothing', '', 'nothing', 'Check that the address'],
    ['plain text', 'Ollama is running', 'plain text', 'Check that the address'],
    ['half a value', '{"text":"the model wrote about a rate limit', 'broken JSON', 'Check that the address'],
  ])('a success with %s instead of JSON is a bad response', async (_name, body, words, hint) => {
    const { client } = await setUp((_request, response) => void response.end(body))
    const error = await errorOf(client.json({ path: '/x', context: callContext() }))
    expect(error).toMatchObject({ code: 'bad-response', provider: 'p' })
    expect(error.message).toContain(words)
    expect(error.hint).toContain(hint)
  })

  test('a stream of a web page is a bad response', async () => {
    const { client, server } = await setUp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      response.write('<html><title>Login</title>')
      response.end()
    })
    const error = await errorOf(client.stream({ path: '/x', context: callContext() }))
    expect(error.code).toBe('bad-response')
    expect(error.message).toContain('Login')
    expect(server.seen).toHaveLength(1)
  })

  test('a redirect is refused, naming only the host, and the key goes nowhere else', async () => {
    const other = await loopbackServer((_request, response) => void response.end('{}'))
    servers.push(other)
    const { client } = await setUp(
      (_request, response) => {
        response.writeHead(308, { location: `${other.url}/steal?token=abcdef` })
        response.end()
      },
      { apiKey: KEY },
    )
    const error = await errorOf(client.json({ path: '/chat', json: {}, context: callContext() }))
    expect(error).toMatchObject({ code: 'endpoint-moved', provider: 'p' })
    expect(error.message).toContain(`127.0.0.1:${other.port}`)
    expect(error.message).not.toContain('steal')
    expect(other.seen).toHaveLength(0)
  })

  test('streams NDJSON split anywhere, and SSE', async () => {
    const { client } = await setUp(({ path }, response) => {
      const body = path.endsWith('ndjson')
        ? '{"t":"grüße 🙂"}\n{"done":true}'
        : ': hi\n\ndata: {"t":"🙂"}\r\n\r\ndata:[DONE]\n\n'
      const bytes = Buffer.from(body)
      let at = 0
      const next = (): void => {
        if (at >= bytes.length) {
          response.end()
          return
        }
        response.write(bytes.subarray(at, at + 3))
        at += 3
        setImmediate(next)
      }
      next()
    })
    const ndjson = await client.stream({ path: '/ndjson', context: callContext() })
    expect(await drain(ndjson.ndjson())).toEqual({
      items: [{ t: 'grüße 🙂' }, { done: true }],
      error: undefined,
    })
    const sse = await client.stream({ path: '/sse', context: callContext() })
    expect((await drain(sse.sse())).items.map(({ data }) => data)).toEqual(['{"t":"🙂"}', '[DONE]'])
  })

  test('failures while reading name provider and model', async () => {
    const { client } = await setUp(
      ({ path }, response, socket) => {
        response.write('{"a":1}\n')
        if (path.endsWith('cut')) setTimeout(() => socket.resetAndDestroy(), 10)
        if (path.endsWith('malformed')) response.end('oops\n')
        if (path.endsWith('huge')) response.end(`"${'x'.repeat(2_000)}"\n`)
      },
      { maxLineBytes: 1_000, timeouts: { idleMs: 60 } },
    )
    for (const [path, code] of [
      ['cut', 'truncated'],
      ['malformed', 'bad-response'],
      ['huge', 'too-large'],
      ['stall', 'timeout'],
    ] as const) {
      const answer = await client.stream({ path, model: 'm', context: callContext() })
      const { items, error } = await drain(answer.ndjson())
      expect(items).toEqual([{ a: 1 }])
      expect(error).toMatchObject({ code, provider: 'p', model: 'm' })
    }
  })

  test('leaving a stream early closes the upstream within 50 ms, and so does cancel', async () => {
    const { client, server } = await setUp((_request, response) => void response.write('1\n'))
    for await (const _value of (await client.stream({ path: '/a', context: callContext() })).ndjson()) break
    const leftAt = performance.now()
    expect(((await server.seen[0]?.closedAt) ?? Infinity) - leftAt).toBeLessThan(50)
    const answer = await client.stream({ path: '/b', context: callContext() })
    const cancelledAt = performance.now()
    await answer.cancel()
    expect(((await server.seen[1]?.closedAt) ?? Infinity) - cancelledAt).toBeLessThan(50)
  })

  test('an abort in the middle of a stream is aborted, named, and closes the upstream', async () => {
    const { client, server } = await setUp((_request, response) => void response.write('1\n'))
    const controller = new AbortController()
    const answer = await client.stream({ path: '/a', model: 'm', context: callContext(controller.signal) })
    const reading = drain(answer.ndjson())
    setTimeout(() => controller.abort(new Error(`left with ${KEY}`)), 10)
    expect((await reading).error).toMatchObject({ code: 'aborted', provider: 'p', model: 'm' })
    await server.seen[0]?.closedAt
  })

  test('whole answers above the cap are too-large, stated or not', async () => {
    const { client, server } = await setUp(
      ({ path }, response) => {
        if (path.endsWith('stated')) response.writeHead(200, { 'content-length': '5000' })
        response.write('x'.repeat(2_000))
      },
      { maxBodyBytes: 1_000 },
    )
    for (const path of ['stated', 'unstated']) {
      expect(await errorOf(client.json({ path, context: callContext() }))).toMatchObject({
        code: 'too-large',
        provider: 'p',
        fault: 'target',
      })
    }
    await Promise.all(server.seen.map(({ closedAt }) => closedAt))
  })

  test('a failed answer that never ends, or breaks, is still told by its status', async () => {
    const { client } = await setUp(({ path }, response, socket) => {
      response.statusCode = 503
      response.write('x'.repeat(70_000))
      if (path.endsWith('broken')) setTimeout(() => socket.resetAndDestroy(), 10)
    })
    for (const path of ['endless', 'broken']) {
      const error = await errorOf(client.json({ path, context: callContext() }))
      expect(error.code).toBe('unavailable')
      expect(error.upstream?.body?.length).toBeLessThanOrEqual(2_000)
    }
  })

  test('a whole answer that is cut is truncated, not half an answer', async () => {
    const { client } = await setUp((_request, response, socket) => {
      response.write('{"a":1}')
      setTimeout(() => socket.resetAndDestroy(), 10)
    })
    expect(await errorOf(client.json({ path: '/x', context: callContext() }))).toMatchObject({
      code: 'truncated',
      provider: 'p',
    })
    expect(await errorOf(client.text({ path: '/x', context: callContext() }))).toMatchObject({
      code: 'truncated',
      provider: 'p',
    })
  })

  test('limits of a call replace those of the client', async () => {
    const { client } = await setUp(() => undefined, { timeouts: { connectMs: 10, headersMs: 60_000 } })
    const error = await errorOf(
      client.json({ path: '/x', context: callContext(), timeouts: { headersMs: 30 } }),
    )
    expect(error).toMatchObject({ code: 'timeout', phase: 'first-token' })
  })

  test('a body that is no JSON is a bad request that reaches nobody', async () => {
    const { client, server } = await setUp((_request, response) => void response.end())
    const cycle: Record<string, unknown> = {}
    cycle['self'] = cycle
    for (const json of [cycle, 1n, () => 1]) {
      expect(await errorOf(client.json({ path: '/x', json, context: callContext() }))).toMatchObject({
        code: 'bad-request',
        field: 'json',
      })
    }
    expect(server.seen).toHaveLength(0)
  })

  test.each(['../admin', '/a/../../b', '/a/..', '/%2e%2e/x', '/.%2E/x', '\\..\\x'])(
    'the path %s does not leave the prefix',
    async (path) => {
      const { client, server } = await setUp((_request, response) => void response.end('{}'))
      expect(await errorOf(client.json({ path, context: callContext() }))).toMatchObject({
        code: 'bad-request',
        field: 'path',
      })
      expect(server.seen).toHaveLength(0)
    },
  )

  test.each(['//evil.example/x', '@evil.example/x', 'https://evil.example/x', '/model:7b..q4/x...'])(
    'the path %s stays on the host',
    async (path) => {
      const { client, server } = await setUp((_request, response) => void response.end('{}'))
      await client.json({ path, context: callContext() })
      expect(server.seen[0]?.path.startsWith('/v1/')).toBe(true)
    },
  )

  test('failure gives the error a failed status would have given', async () => {
    const { client } = await setUp(() => undefined)
    const error = client.failure(
      { status: 200, body: { error: { message: 'Rate limit exceeded', code: 429 } }, model: 'm', path: '/x' },
      callContext(),
    )
    expect(error).toMatchObject({ code: 'rate-limit', provider: 'p', model: 'm', upstream: { status: 200 } })
    expect(client.failure({ status: 404, body: 'Not Found', path: '/x' }, callContext()).code).toBe(
      'not-found',
    )
    expect(client.failure({ status: 500, body: undefined, path: '/x' }, callContext()).code).toBe(
      'unavailable',
    )
  })

  test('close ends calls under way with aborted, is safe twice, and later calls are refused', async () => {
    const { client, server } = await setUp(() => undefined)
    const answer = errorOf(client.json({ path: '/x', context: callContext() }))
    await until(() => server.seen.length === 1)
    await client.close()
    await client.close()
    expect(await answer).toMatchObject({ code: 'aborted', provider: 'p' })
    expect(await errorOf(client.json({ path: '/x', context: callContext() }))).toMatchObject({
      code: 'aborted',
      provider: 'p',
    })
  })
})

test('a transport passed in is used, and left open', async () => {
  const server = await loopbackServer((_request, response) => void response.end('1'))
  const transport = undiciTransport()
  const client = createHttpClient({ provider: 'p', baseURL: server.url, transport })
  expect((await client.json({ path: '/', context: callContext() })).value).toBe(1)
  await client.close()
  expect((await client.json({ path: '/', context: callContext() })).value).toBe(1)
  await transport.close()
  await server.close()
})

async function rejecting(thrown: unknown): Promise<Response> {
  throw thrown
}

test('a fetch that throws anything gives a typed error', async () => {
  for (const thrown of [
    new TypeError('Failed to fetch'),
    'text',
    undefined,
    { code: 'ECONNRESET' },
    Object.assign(new Error('x'), { code: 'ConnectionRefused' }),
  ]) {
    const client = createHttpClient({
      provider: 'p',
      baseURL: 'http://localhost',
      fetch: () => rejecting(thrown),
    })
    expect(await errorOf(client.json({ path: '/', context: callContext() }))).toMatchObject({
      code: 'network',
      provider: 'p',
    })
  }
})

test('limits the runtime sets by itself are timeouts too', async () => {
  for (const [code, phase] of [
    ['UND_ERR_CONNECT_TIMEOUT', 'connect'],
    ['UND_ERR_HEADERS_TIMEOUT', 'first-token'],
    ['ETIMEDOUT', 'connect'],
  ] as const) {
    const cause = Object.assign(new Error('x'), { code })
    const client = createHttpClient({
      provider: 'p',
      baseURL: 'http://localhost',
      fetch: () => Promise.reject(new TypeError('fetch failed', { cause })),
    })
    expect(await errorOf(client.json({ path: '/', context: callContext() }))).toMatchObject({
      code: 'timeout',
      phase,
    })
  }
})

test('a fetch that ignores its signal does not hold up an abort', async () => {
  const controller = new AbortController()
  const client = createHttpClient({
    provider: 'p',
    baseURL: 'http://localhost',
    fetch: () => new Promise(() => undefined),
  })
  const answer = errorOf(client.json({ path: '/', context: callContext(controller.signal) }))
  controller.abort()
  expect((await answer).code).toBe('aborted')
})

test('a body made without regard to the signal does not hold up an abort or a limit', async () => {
  const transport = fetchTransport(() =>
    Promise.resolve(
      new Response(new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(1)) })),
    ),
  )
  const controller = new AbortController()
  const client = createHttpClient({
    provider: 'p',
    baseURL: 'http://localhost',
    transport,
    timeouts: { idleMs: 30 },
  })
  const stalled = await client.stream({ path: '/', context: callContext() })
  expect((await drain(stalled.bytes())).error).toMatchObject({ code: 'timeout', phase: 'idle' })
  const left = await client.stream({
    path: '/',
    context: callContext(controller.signal),
    timeouts: { idleMs: 0 },
  })
  const reading = drain(left.bytes())
  controller.abort()
  expect((await reading).error?.code).toBe('aborted')
})

test('a redirect hidden by a browser is still told as one', async () => {
  const hidden = {
    type: 'opaqueredirect',
    status: 0,
    headers: new Headers(),
    body: null,
  } as unknown as Response
  const client = createHttpClient({
    provider: 'p',
    baseURL: 'http://localhost',
    fetch: () => Promise.resolve(hidden),
  })
  expect((await errorOf(client.json({ path: '/', context: callContext() }))).code).toBe('endpoint-moved')
})

describe('options', () => {
  const made = (options: Partial<HttpClientOptions>): unknown => {
    try {
      return createHttpClient({ provider: 'p', baseURL: 'https://api.example.com', ...options })
    } catch (thrown) {
      return thrown
    }
  }

  test.each<readonly [string, Partial<HttpClientOptions>, string]>([
    ['an empty address', { baseURL: '' }, 'baseURL'],
    ['no address', { baseURL: 'localhost' }, 'baseURL'],
    ['an address without a scheme', { baseURL: 'localhost:11434' }, 'baseURL'],
    ['another scheme', { baseURL: 'ftp://host/' }, 'baseURL'],
    ['a user in the address', { baseURL: 'https://user:pass@host/' }, 'baseURL'],
    ['a query in the address', { baseURL: 'https://host/?key=abc' }, 'baseURL'],
    ['a fragment in the address', { baseURL: 'https://host/#x' }, 'baseURL'],
    ['a value that is no text', { baseURL: 7 as unknown as string }, 'baseURL'],
    ['a blank key', { apiKey: ' ' }, 'apiKey'],
    ['an empty key', { apiKey: '' }, 'apiKey'],
    ['a key with a line break', { apiKey: 'abc\n' }, 'apiKey'],
    ['a key with a blank', { apiKey: 'Bearer abc' }, 'apiKey'],
    ['a key with other letters', { apiKey: 'abc…' }, 'apiKey'],
    ['a key over plain http', { baseURL: 'http://192.168.1.5:11434', apiKey: KEY }, 'apiKey'],
    [
      'a key over plain http to a look-alike',
      { baseURL: 'http://localhost.evil.com', apiKey: KEY },
      'apiKey',
    ],
    [
      'a key over plain http to another look-alike',
      { baseURL: 'http://127.0.0.1.evil.com', apiKey: KEY },
      'apiKey',
    ],
    [
      'a key header over plain http',
      { baseURL: 'http://host', headers: { 'X-Api-Key': KEY } },
      'headers.x-api-key',
    ],
    ['a header with a line break', { headers: { 'x-a': 'b\r\nc: d' } }, 'headers.x-a'],
    ['a header name with a blank', { headers: { 'x a': 'b' } }, 'headers'],
    ['a negative limit', { timeouts: { idleMs: -1 } }, 'timeouts.idleMs'],
    ['a limit that is no number', { timeouts: { connectMs: Number.NaN } }, 'timeouts.connectMs'],
  ])('%s is a bad configuration that names the field', (_name, options, field) => {
    const error = made(options)
    expect(isOpenMuxError(error)).toBe(true)
    expect(error).toMatchObject({ code: 'bad-config', field, provider: 'p' })
    expect(JSON.stringify(error)).not.toMatch(/very-secret|pass@|key=abc/)
  })

  test.each([
    'http://127.0.0.1:1',
    'http://127.1.2.3',
    'http://[::1]:1',
    'http://localhost',
    'http://LOCALHOST:80',
    'http://app.localhost',
    'http://localhost.',
    'http://2130706433/',
    'http://[::ffff:127.0.0.1]',
    'https://far.example.com',
  ])('a key may go to %s', (baseURL) => {
    expect(made({ baseURL, apiKey: KEY })).toHaveProperty('host')
  })

  test('a key may go over plain http where somebody insists', () => {
    expect(made({ baseURL: 'http://192.168.1.5', apiKey: KEY, allowInsecureKey: true })).toHaveProperty(
      'host',
    )
  })

  test('a key in the headers of one call is refused over plain http as well', async () => {
    const client = createHttpClient({ provider: 'p', baseURL: 'http://host.invalid' })
    const error = await errorOf(
      client.json({ path: '/', headers: { Authorization: `Bearer ${KEY}` }, context: callContext() }),
    )
    expect(error).toMatchObject({ code: 'bad-config' })
    expect(JSON.stringify(error)).not.toContain(KEY)
  })

  test.each([
    ['https://api.example.com', 'api.example.com:443', 'https://api.example.com'],
    ['http://127.0.0.1:11434///', '127.0.0.1:11434', 'http://127.0.0.1:11434'],
    ['https://api.example.com/v1/', 'api.example.com:443', 'https://api.example.com/v1'],
    ['http://[::1]/a/b', '[::1]:80', 'http://[::1]/a/b'],
  ])('%s has the host %s', (given, host, baseURL) => {
    expect(made({ baseURL: given })).toMatchObject({ host, baseURL })
  })
})
