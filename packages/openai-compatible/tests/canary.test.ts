import { inspect } from 'node:util'
import { serveHandlers } from '@openmux/testkit'
import { OPENAI_FIXTURES, openaiDouble, type OpenAIFixture } from '@openmux/testkit/openai'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible, toWireError, writeError } from '../src/index.js'
import { callContext, chatOf, failureOf, hello, KEY, outcomeOf } from './support/context.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
const provider = openaiCompatible({
  id: 'double',
  baseURL: `${server.url}/v1`,
  apiKey: KEY,
  usageWaitMs: 50,
  headers: { 'x-api-key': `${KEY}-second` },
})
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => {
  double.reset()
  server.reset()
})

/** Every text an error can be printed as, here and on the other side of a gateway. */
function printed(error: unknown): string {
  return [
    JSON.stringify(error),
    inspect(error, { depth: 10, showHidden: true }),
    error instanceof Error ? String(error.stack) : '',
    JSON.stringify(toWireError(error)),
    JSON.stringify(writeError(error, 0)),
  ].join('\n')
}

/** The same failure, with the key in every text of it. */
function quoting(fixture: OpenAIFixture): OpenAIFixture {
  const quote = (text: string): string =>
    text
      .replaceAll(/"message":"/g, `"message":"${KEY} `)
      .replaceAll(/(error|title|h1)(":"|>)/g, `$1$2${KEY} `)
  return {
    ...fixture,
    ...(fixture.frames === undefined ? {} : { frames: fixture.frames.map(quote) }),
    ...(fixture.body === undefined
      ? {}
      : { body: quote(typeof fixture.body === 'string' ? fixture.body : JSON.stringify(fixture.body)) }),
    headers: {
      'content-type': fixture.frames === undefined ? 'application/json' : 'text/event-stream',
      ...fixture.headers,
      'x-request-id': KEY,
    },
  }
}

describe('the key is in no error', () => {
  const broken = OPENAI_FIXTURES.filter(({ expected }) => 'code' in expected)

  it.each(broken.map((fixture) => [fixture.name, fixture] as const))(
    '%s, quoting the key',
    async (_name, fixture) => {
      double.everyChat(quoting(fixture))
      const { error } = await outcomeOf(chatOf(provider, hello()))
      expect(error).toBeDefined()
      expect(printed(error)).not.toContain(KEY)
    },
  )

  it('nor of a redirect that carries it, which is not followed', async () => {
    server.use(
      http.post(
        '*/chat/completions',
        () =>
          new HttpResponse(null, {
            status: 307,
            headers: { location: `https://evil.example.com/?key=${KEY}` },
          }),
      ),
    )
    const { error } = await outcomeOf(chatOf(provider, hello()))
    expect(error?.code).toBe('endpoint-moved')
    expect(printed(error)).not.toContain(KEY)
    expect(server.requests().length).toBe(1)
  })

  it('nor of a list or an embedding', async () => {
    const quoted = OPENAI_FIXTURES.find(({ name }) => name.includes('quotes the key'))
    double.refuse('/models', quoted)
    double.refuse('/embeddings', quoted)
    expect(printed(await failureOf(() => provider.models(callContext())))).not.toContain(KEY)
    expect(
      printed(
        await failureOf(() => provider.embed?.({ model: 'double-embed', inputs: ['a'] }, callContext())),
      ),
    ).not.toContain(KEY)
    expect(JSON.stringify(await provider.ready(callContext()))).not.toContain(KEY)
  })

  it('and the double really got it', async () => {
    await outcomeOf(chatOf(provider, hello()))
    expect(server.requests()[0]?.headers['authorization']).toBe(`Bearer ${KEY}`)
  })
})
