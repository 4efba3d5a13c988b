import { inspect } from 'node:util'
import type { OpenMuxError } from '@openmux/core'
import { afterEach, expect, test } from 'vitest'
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../src/index.js'
import { callContext } from './support/context.js'
import { type LoopbackServer, loopbackServer, type Script } from './support/loopback-server.js'
import { drain, errorOf } from './support/outcome.js'

/** A key of no known shape, with characters that change in JSON, URLs and Base64. */
const CANARY = 'canary"7/x+y=Zq&9\\end'
const QUERY_CANARY = 'query/canary+55'
const CALL_CANARY = 'call-canary-77'

const FORMS = [CANARY, QUERY_CANARY, CALL_CANARY].flatMap((secret) => [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  Buffer.from(secret).toString('base64').replace(/=+$/, ''),
])

const servers: LoopbackServer[] = []
const clients: HttpClient[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function clientFor(script: Script, options: Partial<HttpClientOptions> = {}): Promise<HttpClient> {
  const server = await loopbackServer(script)
  const client = createHttpClient({ provider: 'p', baseURL: server.url, apiKey: CANARY, ...options })
  servers.push(server)
  clients.push(client)
  return client
}

const call = {
  path: `/x?key=${encodeURIComponent(QUERY_CANARY)}&other=1`,
  headers: { 'X-Api-Key': CALL_CANARY },
  context: callContext(),
}

/** Everything an error can show: its fields, stack and causes, as people and loggers print them. */
function shown(error: OpenMuxError): string {
  let text = `${inspect(error, { depth: 20, showHidden: true })}\n${JSON.stringify(error)}\n${String(error)}\n${error.stack}`
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) {
    text += `\n${inspect(cause, { depth: 20, showHidden: true })}\n${cause.stack}`
  }
  return text
}

function expectClean(error: OpenMuxError): void {
  const text = shown(error)
  for (const form of FORMS) expect(text).not.toContain(form)
}

test('a server that repeats the keys in every form and place leaks none of them', async () => {
  const client = await clientFor((request, response) => {
    const said = FORMS.join(' ')
    response.writeHead(request.path.startsWith('/redirect') ? 302 : 400, {
      'x-request-id': CALL_CANARY,
      location: `http://other.example/?token=${encodeURIComponent(CANARY)}`,
    })
    response.end(
      JSON.stringify({ error: { message: said, code: CALL_CANARY, type: CANARY }, raw: request.headers }),
    )
  })
  expectClean(await errorOf(client.json(call)))
  expectClean(await errorOf(client.stream(call)))
  expectClean(await errorOf(client.text({ ...call, path: `/redirect${call.path}` })))
})

test('a key half of which lies behind the cut of a long body is not shown in part', async () => {
  const client = await clientFor((_request, response) => {
    response.statusCode = 500
    response.end(`${'x'.repeat(2_000 - 8)}${CANARY}`)
  })
  const error = await errorOf(client.json({ path: '/', context: callContext() }))
  expect(error.upstream?.body).not.toContain('canary')
})

test('a fetch whose errors quote the request leaks nothing, through any number of causes', async () => {
  const root = Object.assign(new Error(`header authorization: Bearer ${CANARY}`), {
    headers: { authorization: CANARY },
  })
  const middle = new Error(`request to http://127.0.0.1${call.path} failed`, { cause: root })
  const outer = Object.assign(new TypeError(`fetch failed for ${CALL_CANARY}`, { cause: middle }), {
    options: { key: CANARY },
  })
  const client = createHttpClient({
    provider: 'p',
    baseURL: 'http://127.0.0.1:1',
    apiKey: CANARY,
    fetch: () => Promise.reject(outer),
  })
  expectClean(await errorOf(client.json(call)))
})

test('a fetch that throws an object with the key in it leaks nothing', async () => {
  const client = createHttpClient({
    provider: 'p',
    baseURL: 'http://127.0.0.1:1',
    apiKey: CANARY,
    fetch: async () => {
      const thrown: unknown = { request: { headers: { authorization: `Bearer ${CANARY}` } } }
      throw thrown
    },
  })
  expectClean(await errorOf(client.json(call)))
})

test('a stream that repeats the key in a broken line leaks nothing', async () => {
  const client = await clientFor(
    (_request, response) => void response.end(`{"a":1}\n${CANARY} ${CALL_CANARY}\n`),
  )
  const { error } = await drain((await client.stream(call)).ndjson())
  expect(error?.code).toBe('bad-response')
  if (error !== undefined) expectClean(error)
})

test('a success that is not JSON and repeats the key leaks nothing', async () => {
  const client = await clientFor(
    (_request, response) => void response.end(`<html><title>${CANARY}</title> ${QUERY_CANARY}`),
  )
  expectClean(await errorOf(client.json(call)))
})

test('an abort whose reason holds the key leaks nothing', async () => {
  const client = await clientFor(() => undefined)
  const signal = AbortSignal.abort(new Error(`gone with ${CANARY}`, { cause: new Error(CANARY) }))
  expectClean(await errorOf(client.json({ ...call, context: callContext(signal) })))
})

test('a refused connection and a failure found by a provider leak nothing', async () => {
  const client = createHttpClient({ provider: 'p', baseURL: 'http://127.0.0.1:1', apiKey: CANARY })
  clients.push(client)
  expectClean(await errorOf(client.json(call)))
  // A key in the headers of one call is not known here.
  const said = FORMS.filter((_form, index) => index < 8).join(' ')
  expectClean(client.failure({ status: 200, body: { error: said }, path: call.path }, callContext()))
})

test('a verdict of a provider that quotes the key is cleaned as well', async () => {
  const client = await clientFor(
    (_request, response) => {
      response.statusCode = 400
      response.end(CANARY)
    },
    { explain: ({ body }) => ({ code: 'bad-request', message: body, hint: body, upstreamCode: body }) },
  )
  expectClean(await errorOf(client.json(call)))
})
