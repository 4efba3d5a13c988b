import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOpenMuxError } from '@openmux/core'
import { readChatBody, readEmbedBody } from '../src/index.js'
import { failureOf } from './support/context.js'

const USER = { role: 'user', content: 'hi' }

function messagesOf(...messages: readonly unknown[]): unknown {
  return readChatBody({ model: 'm', messages }).input.messages
}

describe('a received chat is read although', () => {
  it('fields are unknown, null or of other back ends', () => {
    const body = {
      model: 'm',
      messages: [USER],
      temperature: null,
      stop: null,
      seed: null,
      n: 1,
      stream: null,
      tools: null,
      top_k: 40,
      metadata: {},
      user: 'u',
      logit_bias: { 5: 1 },
      presence_penalty: 0,
      frequency_penalty: 0.5,
      reasoning: null,
    }
    expect(readChatBody(body)).toEqual({
      input: { model: 'm', messages: [{ role: 'user', content: 'hi' }] },
      stream: false,
      includeUsage: false,
      ignored: ['logit_bias', 'frequency_penalty'],
    })
  })

  it('the model is missing: the gateway may choose', () => {
    expect(readChatBody({ messages: [USER] }).input).not.toHaveProperty('model')
  })

  it('content is null, or parts in place of a text', () => {
    expect(
      messagesOf(
        {
          role: 'system',
          content: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'user', content: null },
        { role: 'user', content: ['bare', { type: 'input_text', text: ' text' }] },
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
        { role: 'assistant', refusal: 'Never.' },
      ),
    ).toEqual([
      { role: 'system', content: 'ab' },
      { role: 'user', content: '' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'bare' },
          { type: 'text', text: ' text' },
        ],
      },
      { role: 'assistant', content: 'No.' },
      { role: 'assistant', content: 'Never.' },
    ])
  })

  it('the form is the one before tools', () => {
    const { input } = readChatBody({
      messages: [
        USER,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
        { role: 'function', name: 'f', content: '7' },
      ],
      functions: [{ name: 'f' }],
      function_call: { name: 'f' },
    })
    expect(input.messages?.slice(1)).toEqual([
      { role: 'assistant', content: '', toolCalls: [{ id: 'function_f', name: 'f', arguments: '{"a":1}' }] },
      { role: 'tool', toolCallId: 'function_f', toolName: 'f', content: '7' },
    ])
    expect(input).toMatchObject({
      tools: [{ name: 'f', parameters: { type: 'object', properties: {} } }],
      toolChoice: { name: 'f' },
    })
  })

  it('arguments are an object, thinking comes back, an image is an address', () => {
    expect(
      messagesOf(
        {
          role: 'assistant',
          content: 'x',
          reasoning_content: 'hm',
          tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }],
        },
        { role: 'user', content: [{ type: 'image_url', image_url: 'https://example.com/a.png' }] },
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: 'x',
        reasoning: 'hm',
        toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }],
      },
      { role: 'user', content: [{ type: 'image', url: 'https://example.com/a.png' }] },
    ])
  })

  it.each([
    [{ stop: 'END' }, { stop: ['END'] }],
    [{ stop: ['', 'END'] }, { stop: ['END'] }],
    [{ stop: [] }, {}],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { maxTokens: 7 }],
    [{ max_tokens: -1 }, {}],
    [{ top_p: 0 }, { topP: 1e-6 }],
    [{ reasoning_effort: 'none' }, { reasoning: 'off' }],
    [{ reasoning: { effort: 'xhigh' } }, { reasoning: 'high' }],
    [{ response_format: { type: 'text' } }, {}],
    [{ response_format: { type: 'json_object' } }, { responseFormat: { type: 'json' } }],
    [
      { response_format: { type: 'json_object', schema: { type: 'object' } } },
      { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
    ],
    [{ tool_choice: 'required' }, {}],
    [
      { tools: [{ type: 'function', function: { name: 'f', parameters: {} } }], tool_choice: 'any' },
      { tools: [{ name: 'f', parameters: {} }], toolChoice: 'required' },
    ],
  ])('%j', (more, wanted) => {
    expect(readChatBody({ messages: [USER], ...more }).input).toEqual({ messages: [USER], ...wanted })
  })
})

describe('a received chat is refused by the name of the field', () => {
  it.each<[string, unknown]>([
    ['body', 'text'],
    ['body', [USER]],
    ['messages', {}],
    ['messages', { messages: [] }],
    ['messages[0]', { messages: ['hi'] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: '' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    [
      'messages[0].content[1].type',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'input_audio' }] }] },
    ],
    [
      'messages[0].content[0].type',
      {
        messages: [
          { role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://x.test' } }] },
        ],
      },
    ],
    [
      'messages[0].content[0].image_url',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
    ],
    [
      'messages[0].content[0].image_url.url',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] },
        ],
      },
    ],
    [
      'messages[0].content[0].image_url.url',
      {
        messages: [
          { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png,raw' } }] },
        ],
      },
    ],
    ['messages[0].tool_calls', { messages: [{ role: 'assistant', tool_calls: {} }] }],
    ['messages[0].tool_calls[0]', { messages: [{ role: 'assistant', tool_calls: ['x'] }] }],
    [
      'messages[0].tool_calls[0].id',
      { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }] },
    ],
    [
      'messages[0].tool_calls[0].function.name',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', function: {} }] }] },
    ],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['n', { messages: [USER], n: 2 }],
    ['model', { messages: [USER], model: 7 }],
    ['temperature', { messages: [USER], temperature: 3 }],
    ['temperature', { messages: [USER], temperature: '0.5' }],
    ['max_tokens', { messages: [USER], max_tokens: 0 }],
    ['max_completion_tokens', { messages: [USER], max_completion_tokens: 1.5 }],
    ['seed', { messages: [USER], seed: 0.5 }],
    ['stop[1]', { messages: [USER], stop: ['a', 5] }],
    ['stream', { messages: [USER], stream: 'yes' }],
    ['stream_options.include_usage', { messages: [USER], stream_options: { include_usage: 1 } }],
    ['tools[0].type', { messages: [USER], tools: [{ type: 'custom', custom: {} }] }],
    ['tools[0].function.name', { messages: [USER], tools: [{ type: 'function', function: {} }] }],
    [
      'tools[0].function.parameters',
      { messages: [USER], tools: [{ type: 'function', function: { name: 'f', parameters: 'x' } }] },
    ],
    ['tool_choice', { messages: [USER], tool_choice: 'perhaps' }],
    ['response_format.type', { messages: [USER], response_format: { type: 'grammar' } }],
    [
      'response_format.json_schema.schema',
      { messages: [USER], response_format: { type: 'json_schema', json_schema: { name: 'x' } } },
    ],
    ['reasoning_effort', { messages: [USER], reasoning_effort: 'a lot' }],
  ])('%s', async (field, body) => {
    const error = await failureOf(() => readChatBody(body))
    expect(error).toMatchObject({ code: 'bad-request', field })
    expect(error.message).toContain(field)
  })

  it('never with the value of a text: it may be a key in the wrong place', async () => {
    const error = await failureOf(() =>
      readChatBody({ messages: [USER], tool_choice: 'sk-canary-1234567890' }),
    )
    expect(JSON.stringify(error)).not.toContain('canary')
  })

  it('whatever comes in, with nothing but a typed error', () => {
    const noisy = fc.record(
      {
        messages: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.oneof(
              fc.jsonValue(),
              fc.record({
                role: fc.constantFrom('user', 'assistant', 'tool', 'system'),
                content: fc.jsonValue(),
                tool_calls: fc.jsonValue(),
              }),
            ),
          ),
        ),
        tools: fc.jsonValue(),
        stop: fc.jsonValue(),
        response_format: fc.jsonValue(),
        tool_choice: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), noisy), (body) => {
        try {
          readChatBody(body)
        } catch (error) {
          expect(isOpenMuxError(error) && error.code === 'bad-request' && error.field !== undefined).toBe(
            true,
          )
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('a received embedding request', () => {
  it('is read with a text or texts, floats by default, and the purpose some clients give', () => {
    expect(readEmbedBody({ model: 'm', input: 'a' })).toEqual({
      input: { model: 'm', input: ['a'] },
      encoding: 'float',
    })
    expect(
      readEmbedBody({
        input: ['a', 'b'],
        encoding_format: 'base64',
        dimensions: 2,
        input_type: 'search_query',
        user: 'u',
      }),
    ).toEqual({
      input: { input: ['a', 'b'], dimensions: 2, purpose: 'query' },
      encoding: 'base64',
    })
  })

  it.each<[string, unknown]>([
    ['body', null],
    ['input', {}],
    ['input', { input: [] }],
    ['input', { input: '' }],
    ['input[0]', { input: [1, 2, 3] }],
    ['input[0]', { input: [[1, 2], [3]] }],
    ['input[1]', { input: ['a', {}] }],
    ['encoding_format', { input: 'a', encoding_format: 'int8' }],
    ['dimensions', { input: 'a', dimensions: 0 }],
  ])('is refused by the name of the field: %s', async (field, body) => {
    expect(await failureOf(() => readEmbedBody(body))).toMatchObject({ code: 'bad-request', field })
  })
})
