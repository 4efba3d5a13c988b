import { type OpenRouterOptions, openrouter } from '../src/index.js'
import type { ChatRequest, EmbedRequest } from '@openmux/core'
import { LISTED_EMBEDDING_MODELS, LISTED_MODELS } from '@openmux/testkit/openrouter'
import { describe, expect, it } from 'vitest'
import { callContext, EMBED_MODEL, failureOf, hello, KEY, MODEL, outcomeOf } from './support/context.js'

interface Seen {
  readonly url: string
  readonly headers: Headers
  readonly body: Readonly<Record<string, unknown>>
}

/** What a provider sends; every answer is a short one. */
function watched(options: OpenRouterOptions = {}): { provider: ReturnType<typeof openrouter>; seen: Seen[] } {
  const seen: Seen[] = []
  const provider = openrouter({
    apiKey: KEY,
    environment: {},
    ...options,
    async fetch(input, init) {
      const request = new Request(input, init)
      const text = await request.text()
      seen.push({ url: request.url, headers: request.headers, body: text === '' ? {} : JSON.parse(text) })
      if (request.url.endsWith('/embeddings/models')) return Response.json({ data: LISTED_EMBEDDING_MODELS })
      if (request.url.endsWith('/models')) return Response.json({ data: LISTED_MODELS })
      if (request.url.endsWith('/embeddings'))
        return Response.json({ data: [{ index: 0, embedding: [1, 0] }] })
      return Response.json({ choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] })
    },
  })
  return { provider, seen }
}

async function bodyOf(changes: Partial<ChatRequest>, options?: OpenRouterOptions): Promise<Seen['body']> {
  const { provider, seen } = watched(options)
  const { error } = await outcomeOf(provider.chat(hello(changes), callContext()))
  expect(error).toBeUndefined()
  return seen.at(-1)?.body ?? {}
}

const TOOL = { name: 'now', parameters: { type: 'object', properties: {} } }

describe('the limit on tokens', () => {
  it('is always sent', async () => {
    expect(await bodyOf({})).toMatchObject({ max_completion_tokens: 8_192 })
    expect(await bodyOf({}, { maxTokens: 1_000 })).toMatchObject({ max_completion_tokens: 1_000 })
  })

  it('is the one of the request where it has one, in either place', async () => {
    expect(await bodyOf({ maxTokens: 5 })).toMatchObject({ max_completion_tokens: 5 })
    const own = await bodyOf({ providerOptions: { openrouter: { max_tokens: 7 } } })
    expect(own['max_tokens']).toBe(7)
    expect(own).not.toHaveProperty('max_completion_tokens')
  })

  it('is no more than a model that is known allows, and leaves room for the prompt', async () => {
    const { provider, seen } = watched()
    await provider.models(callContext())
    await outcomeOf(provider.chat(hello({ model: 'double/plain-text-3b:free' }), callContext()))
    expect(seen.at(-1)?.body['max_completion_tokens']).toBe(2_048)
  })
})

describe('the routing', () => {
  it('requires that upstreams know tools and schemas', async () => {
    expect(await bodyOf({ tools: [TOOL] })).toMatchObject({ provider: { require_parameters: true } })
    const responseFormat = { type: 'json-schema' as const, schema: { type: 'object' } }
    expect(await bodyOf({ responseFormat })).toMatchObject({ provider: { require_parameters: true } })
  })

  it('is not sent when there is nothing to say', async () => {
    expect(await bodyOf({})).not.toHaveProperty('provider')
    expect(await bodyOf({ responseFormat: { type: 'json' } })).not.toHaveProperty('provider')
  })

  it('of a request goes over that of the provider, member by member', async () => {
    const body = await bodyOf(
      {
        tools: [TOOL],
        providerOptions: {
          openrouter: { provider: { sort: 'latency', require_parameters: false }, session_id: 's1' },
        },
      },
      { routing: { sort: 'price', data_collection: 'deny' } },
    )
    expect(body).toMatchObject({
      session_id: 's1',
      provider: { sort: 'latency', data_collection: 'deny', require_parameters: false },
    })
  })
})

describe('the words of the wire', () => {
  it('are those of OpenRouter', async () => {
    const body = await bodyOf({
      reasoning: 'off',
      seed: 7,
      stop: ['END'],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image', mediaType: 'image/png', base64: 'AAAA' },
          ],
        },
        { role: 'assistant', content: 'A dot.', reasoning: 'It is small.' },
        { role: 'user', content: 'Sure?' },
      ],
    })
    expect(body).toMatchObject({ stream: true, reasoning: { effort: 'none' }, seed: 7, stop: ['END'] })
    expect(body).not.toHaveProperty('stream_options')
    expect(JSON.stringify(body['messages'])).toContain('"image_url":{"url":"data:image/png;base64,AAAA"}')
    expect(JSON.stringify(body['messages'])).toContain('"reasoning":"It is small."')
  })

  it('refuse a fifth stop text before anything is sent', async () => {
    const { provider, seen } = watched()
    const { error } = await outcomeOf(
      provider.chat(hello({ stop: ['1', '2', '3', '4', '5'] }), callContext()),
    )
    expect(error).toMatchObject({ code: 'unsupported', field: 'stop', provider: 'openrouter', model: MODEL })
    expect(seen).toEqual([])
  })
})

describe('what is told about the application', () => {
  it('is nothing unless asked for', async () => {
    const { provider, seen } = watched()
    await outcomeOf(provider.chat(hello(), callContext()))
    for (const name of ['http-referer', 'x-title', 'x-openrouter-title'])
      expect(seen[0]?.headers.has(name)).toBe(false)
  })

  it('goes into the old and the new header', async () => {
    const { provider, seen } = watched({ app: { url: 'https://app.example', title: 'My app' } })
    await outcomeOf(provider.chat(hello(), callContext()))
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({
      'http-referer': 'https://app.example',
      'x-title': 'My app',
      'x-openrouter-title': 'My app',
      authorization: `Bearer ${KEY}`,
    })
  })
})

describe('a model for another task', () => {
  it('is refused without a request once the list is known', async () => {
    const { provider, seen } = watched()
    await provider.models(callContext())
    const sent = seen.length
    const { error } = await outcomeOf(provider.chat(hello({ model: EMBED_MODEL }), callContext()))
    expect(error).toMatchObject({ code: 'unsupported', model: EMBED_MODEL })
    const request: EmbedRequest = { model: MODEL, inputs: ['a'] }
    expect(await failureOf(() => provider.embed(request, callContext()))).toMatchObject({
      code: 'unsupported',
    })
    expect(seen.length).toBe(sent)
  })
})

describe('embeddings', () => {
  it('carry the routing', async () => {
    const { provider, seen } = watched({ routing: { data_collection: 'deny' } })
    const { vectors } = await provider.embed({ model: EMBED_MODEL, inputs: ['a'] }, callContext())
    expect(vectors).toEqual([[1, 0]])
    expect(seen[0]?.body).toMatchObject({ input: ['a'], provider: { data_collection: 'deny' } })
  })
})
