import { OpenMuxError } from '@openmux/core'
import { serveHandlers } from '@openmux/testkit'
import { APIError, BadRequestError, type OpenAI, RateLimitError } from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import { openaiClient, readByClient, streamedByClient } from './support/openai-reader.js'
import { writtenServer } from './support/written-server.js'

// The real client on one side, what we write on the other.
const ours = writtenServer((text) => [text.length, 0.25, -1.5])
const server = await serveHandlers(ours.handlers)
const client = openaiClient(`${server.url}/v1`, 'any-key')
afterAll(() => server.close())

const START = { type: 'start', model: 'served', warnings: [] } as const
const USAGE = { inputTokens: 11, outputTokens: 5, reasoningTokens: 2, cachedInputTokens: 3 }
const SAID = [
  START,
  { type: 'reasoning', text: 'Be polite.' },
  { type: 'text', text: 'Grüße, ' },
  { type: 'text', text: '世界 🌊' },
] as const
const CALLED = [
  START,
  { type: 'tool-call', id: 'call_a', name: 'get_weather', argumentsText: '' },
  { type: 'tool-call', id: 'call_b', name: 'now', argumentsText: '{}' },
  { type: 'tool-call', id: 'call_a', argumentsText: '{"city":"Zü' },
  { type: 'tool-call', id: 'call_a', argumentsText: 'rich"}' },
  { type: 'finish', reason: 'tool-calls', usage: USAGE },
] as const
const TOOLS = [
  { type: 'function' as const, function: { name: 'get_weather', parameters: { type: 'object' } } },
]
const CALLS = [
  { id: 'call_a', name: 'get_weather', arguments: '{"city":"Zürich"}' },
  { id: 'call_b', name: 'now', arguments: '{}' },
]

describe('the openai client reads what we write', () => {
  it('a whole answer', async () => {
    ours.answer([...SAID, { type: 'finish', reason: 'stop', usage: USAGE }])
    expect(await readByClient(client)).toEqual({
      text: 'Grüße, 世界 🌊',
      reasoning: 'Be polite.',
      toolCalls: [],
      finish: 'stop',
      usage: { inputTokens: 11, outputTokens: 5 },
    })
  })

  it('a stream, with the usage it asked for', async () => {
    ours.answer([...SAID, { type: 'finish', reason: 'length', usage: USAGE }])
    expect(await streamedByClient(client)).toEqual({
      text: 'Grüße, 世界 🌊',
      reasoning: 'Be polite.',
      toolCalls: [],
      finish: 'length',
      usage: { inputTokens: 11, outputTokens: 5 },
    })
  })

  it('a stream without usage when it asked for none', async () => {
    ours.answer([...SAID, { type: 'finish', reason: 'stop', usage: USAGE }])
    const stream = await client.chat.completions.create({
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      stream: true,
    })
    const chunks: OpenAI.ChatCompletionChunk[] = []
    for await (const chunk of stream) chunks.push(chunk)
    expect(chunks.every(({ usage }) => usage === undefined)).toBe(true)
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(1)
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason != null).length).toBe(1)
  })

  it('tool calls, plain', async () => {
    ours.answer(CALLED)
    expect((await readByClient(client, { tools: TOOLS })).toolCalls).toEqual(CALLS)
  })

  it('tool calls, streamed', async () => {
    ours.answer(CALLED)
    const { toolCalls, finish } = await streamedByClient(client, { tools: TOOLS })
    expect(toolCalls).toEqual(CALLS)
    expect(finish).toBe('tool-calls')
  })

  it('tool calls through its stream helper, which insists on stable ids and names', async () => {
    ours.answer(CALLED)
    const stream = client.chat.completions.stream({
      model: 'm',
      messages: [{ role: 'user', content: 'x' }],
      tools: TOOLS,
    })
    const { choices } = await stream.finalChatCompletion()
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { id: 'call_a', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Zürich"}' } },
      { id: 'call_b', type: 'function', function: { name: 'now', arguments: '{}' } },
    ])
  })

  it('embeddings in base64, which is its default', async () => {
    const { data, usage } = await client.embeddings.create({ model: 'e', input: ['ab', 'abcd'] })
    expect(data.map(({ embedding }) => embedding)).toEqual([
      [2, 0.25, -1.5],
      [4, 0.25, -1.5],
    ])
    expect(usage.prompt_tokens).toBe(7)
  })

  it('embeddings as numbers when it asks for them', async () => {
    const { data } = await client.embeddings.create({ model: 'e', input: 'abc', encoding_format: 'float' })
    expect(data[0]?.embedding).toEqual([3, 0.25, -1.5])
  })

  it('an error in the middle of a stream, as an error', async () => {
    ours.answer([...SAID, new OpenMuxError({ code: 'truncated', message: 'The upstream was cut.' })])
    await expect(streamedByClient(client)).rejects.toThrow(/The upstream was cut/)
    await expect(streamedByClient(client)).rejects.toBeInstanceOf(APIError)
  })

  it('a refusal with status, type, code and the field', async () => {
    const asked = client.chat.completions.create({
      model: 'm',
      messages: [
        { role: 'user', content: [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }] },
      ],
    })
    const error: unknown = await asked.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(BadRequestError)
    expect(error).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      param: 'messages[0].content[0].type',
    })
  })

  it('a rate limit with the time to wait', async () => {
    ours.answer([new OpenMuxError({ code: 'rate-limit', message: 'Slow down.', until: 1_755_000_007_500 })])
    const error: unknown = await readByClient(client).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(RateLimitError)
    expect(error instanceof APIError && error.headers?.get('retry-after')).toBe('8')
  })

  it('that a retry is useless', async () => {
    ours.answer([new OpenMuxError({ code: 'credits', message: 'Nothing left.' })])
    const error: unknown = await readByClient(client).catch((thrown: unknown) => thrown)
    expect(error instanceof APIError && error.headers?.get('x-should-retry')).toBe('false')
  })
})

describe('we read what the openai client sends', () => {
  it('with all its fields', async () => {
    ours.answer([...SAID, { type: 'finish', reason: 'stop' }])
    await client.chat.completions.create({
      model: 'm',
      messages: [
        {
          role: 'developer',
          content: [
            { type: 'text', text: 'Be ' },
            { type: 'text', text: 'short.' },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: [{ type: 'text', text: '42' }] },
      ],
      tools: [
        {
          type: 'function',
          function: { name: 'f', description: 'does', parameters: { type: 'object', properties: {} } },
        },
      ],
      tool_choice: { type: 'function', function: { name: 'f' } },
      response_format: { type: 'json_schema', json_schema: { name: 'x', schema: { type: 'object' } } },
      max_tokens: 5,
      max_completion_tokens: 7,
      temperature: 0.5,
      top_p: 0.9,
      stop: 'END',
      seed: 3,
      reasoning_effort: 'minimal',
      user: 'me',
    })
    expect(ours.lastInput()).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 'Be short.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', mediaType: 'image/png', base64: 'AAAA' },
          ],
        },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c1', name: 'f', arguments: '{}' }] },
        { role: 'tool', toolCallId: 'c1', toolName: 'f', content: '42' },
      ],
      tools: [{ name: 'f', description: 'does', parameters: { type: 'object', properties: {} } }],
      toolChoice: { name: 'f' },
      responseFormat: { type: 'json-schema', name: 'x', schema: { type: 'object' } },
      maxTokens: 7,
      temperature: 0.5,
      topP: 0.9,
      stop: ['END'],
      seed: 3,
      reasoning: 'low',
    })
  })
})
