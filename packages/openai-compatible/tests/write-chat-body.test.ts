import type { ChatRequest, Tool } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type OpenAIQuirks, writeChatBody } from '../src/index.js'
import { failureOf } from './support/context.js'

const ASK: ChatRequest = { model: 'm', messages: [{ role: 'user', content: 'hi' }] }
const TOOL: Tool = { name: 'f', parameters: { type: 'object' } }
const OTHER: Tool = { name: 'g', parameters: { type: 'object' } }
const CLOSED = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
}

function bodyOf(request: Partial<ChatRequest>, quirks?: Partial<OpenAIQuirks>): unknown {
  return writeChatBody({ ...ASK, ...request }, quirks).body
}

describe('a body', () => {
  it('has the model first and nothing that was not asked for', () => {
    const { body } = writeChatBody(ASK)
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'stream_options'])
  })

  it('of a plain request asks for no stream and no usage of one', () => {
    expect(writeChatBody(ASK, {}, { stream: false }).body).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'hi' }],
      stream: false,
    })
  })

  it.each<[string, Partial<ChatRequest>, Partial<OpenAIQuirks>, object]>([
    [
      'the newer limit',
      { maxTokens: 5 },
      { maxTokensField: 'max_completion_tokens' },
      { max_completion_tokens: 5 },
    ],
    ['the older limit', { maxTokens: 5 }, {}, { max_tokens: 5 }],
    ['a seed by another name', { seed: 3 }, { seedField: 'random_seed' }, { random_seed: 3 }],
    ['an effort', { reasoning: 'high' }, {}, { reasoning_effort: 'high' }],
    ['no thinking', { reasoning: 'off' }, {}, { reasoning_effort: 'none' }],
    [
      'an effort as an object',
      { reasoning: 'low' },
      { reasoning: 'object' },
      { reasoning: { effort: 'low' } },
    ],
    [
      'a developer message',
      { messages: [{ role: 'system', content: 's' }] },
      { systemRole: 'developer' },
      { messages: [{ role: 'developer', content: 's' }] },
    ],
    ['any JSON', { responseFormat: { type: 'json' } }, {}, { response_format: { type: 'json_object' } }],
    [
      'any JSON without json_object',
      { responseFormat: { type: 'json' } },
      { jsonObject: false },
      { response_format: { type: 'json_schema', json_schema: { schema: { type: 'object' } } } },
    ],
    [
      'an open schema',
      { responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
      {},
      { response_format: { json_schema: { strict: false, name: 'answer' } } },
    ],
    [
      'a closed schema',
      { responseFormat: { type: 'json-schema', schema: CLOSED, name: 'my name' } },
      {},
      { response_format: { json_schema: { strict: true, name: 'my_name', schema: CLOSED } } },
    ],
    [
      'a schema beside json_object',
      { responseFormat: { type: 'json-schema', schema: CLOSED } },
      { jsonSchema: 'json-object-schema' },
      { response_format: { type: 'json_object', schema: CLOSED } },
    ],
    [
      'a forced call',
      { tools: [TOOL], toolChoice: 'required' },
      { requiredToolChoice: 'any' },
      { tool_choice: 'any' },
    ],
    [
      'a named tool',
      { tools: [TOOL, OTHER], toolChoice: { name: 'g' } },
      {},
      { tool_choice: { type: 'function', function: { name: 'g' } } },
    ],
  ])('writes %s', (_name, request, quirks, wanted) => {
    expect(bodyOf(request, quirks)).toMatchObject(wanted)
  })

  it('forces a named tool by giving only that one, where there is no other way', () => {
    expect(
      bodyOf(
        { tools: [TOOL, OTHER], toolChoice: { name: 'g' } },
        { namedToolChoice: false, requiredToolChoice: 'any' },
      ),
    ).toMatchObject({
      tools: [{ function: { name: 'g' } }],
      tool_choice: 'any',
    })
  })

  it('leaves a choice out when there are no tools', () => {
    expect(bodyOf({ toolChoice: 'required' })).not.toHaveProperty('tool_choice')
  })

  it('sends thinking back only where it is wanted', () => {
    const messages: ChatRequest['messages'] = [{ role: 'assistant', content: 'x', reasoning: 'hm' }]
    expect(JSON.stringify(bodyOf({ messages }))).not.toContain('hm')
    expect(bodyOf({ messages }, { reasoningBack: 'reasoning' })).toMatchObject({
      messages: [{ content: 'x', reasoning: 'hm' }],
    })
  })

  it('knows which schemas strict mode takes', () => {
    const strict = (schema: Record<string, unknown>): unknown =>
      (
        bodyOf({ responseFormat: { type: 'json-schema', schema } }) as {
          response_format: { json_schema: { strict: boolean } }
        }
      ).response_format.json_schema.strict
    expect(strict({ ...CLOSED, required: [] })).toBe(false)
    expect(strict({ ...CLOSED, properties: { a: { type: 'object' } } })).toBe(false)
    expect(strict({ ...CLOSED, properties: { a: { type: 'array', items: CLOSED } } })).toBe(true)
    expect(strict({ ...CLOSED, properties: { a: { anyOf: [CLOSED, { type: 'object' }] } } })).toBe(false)
  })
})

describe('what a server has no word for', () => {
  it.each<[string, Partial<ChatRequest>, Partial<OpenAIQuirks>]>([
    ['toolChoice', { tools: [TOOL], toolChoice: 'required' }, { requiredToolChoice: 'none' }],
    [
      'toolChoice',
      { tools: [TOOL], toolChoice: { name: 'f' } },
      { requiredToolChoice: 'none', namedToolChoice: false },
    ],
    ['responseFormat', { responseFormat: { type: 'json-schema', schema: {} } }, { jsonSchema: 'none' }],
    ['stop', { stop: ['a', 'b'] }, { maxStops: 1 }],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'user', content: [{ type: 'image', url: 'https://x.test/a.png' }] }] },
      { images: 'data' },
    ],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/png', base64: 'AA' }] }] },
      { images: 'none' },
    ],
  ])('is refused when it changes the answer: %s', async (field, request, quirks) => {
    expect(await failureOf(() => bodyOf(request, quirks))).toMatchObject({ code: 'unsupported', field })
  })

  it.each<[string, Partial<ChatRequest>, Partial<OpenAIQuirks>]>([
    ['seed', { seed: 1 }, { seedField: 'none' }],
    ['reasoning', { reasoning: 'high' }, { reasoning: 'none' }],
    ['reasoning', { reasoning: 'off' }, { reasoningOff: null }],
  ])('is a warning when it is a wish: %s', (option, request, quirks) => {
    const { body, warnings } = writeChatBody({ ...ASK, ...request }, quirks)
    expect(warnings).toMatchObject([{ kind: 'ignored-option', option }])
    expect(Object.keys(body)).toEqual(['model', 'messages', 'stream', 'stream_options'])
  })

  it('is no warning when no thinking is asked for where there is none', () => {
    expect(writeChatBody({ ...ASK, reasoning: 'off' }, { reasoning: 'none' }).warnings).toEqual([])
  })
})

describe('ids of nine letters or digits', () => {
  it('are made the same way for a call and its result, and hardly ever twice', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 2, maxLength: 50 }), (ids) => {
        const messages = ids.flatMap((id): ChatRequest['messages'] => [
          { role: 'assistant', content: '', toolCalls: [{ id, name: 'f', arguments: '{}' }] },
          { role: 'tool', toolCallId: id, content: 'x' },
        ])
        const { body } = writeChatBody({ ...ASK, messages }, { toolCallIds: 'nine-alphanumeric' })
        const made = body.messages.map((message) =>
          message.role === 'tool'
            ? message.tool_call_id
            : message.role === 'assistant'
              ? message.tool_calls?.[0]?.id
              : undefined,
        )
        expect(made.every((id) => /^[A-Za-z0-9]{9}$/.test(id ?? ''))).toBe(true)
        for (let at = 0; at < made.length; at += 2) expect(made[at]).toBe(made[at + 1])
        expect(new Set(made).size).toBe(ids.length)
      }),
    )
  })

  it('are kept when they fit already', () => {
    const { body } = writeChatBody(
      { ...ASK, messages: [{ role: 'tool', toolCallId: 'D681PevKs', content: '' }] },
      { toolCallIds: 'nine-alphanumeric' },
    )
    expect(body.messages[0]).toMatchObject({ tool_call_id: 'D681PevKs' })
  })
})
