import type { ChatEvent, ChatRequest, EmbedRequest, Message, Tool } from '@openmux/core'
import { summarize } from '@openmux/testkit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  base64ToFloats,
  ChatChunkWriter,
  dataFrame,
  DONE_FRAME,
  floatsToBase64,
  readChatAnswer,
  readChatBody,
  readEmbedAnswer,
  readEmbedBody,
  writeChatAnswer,
  writeChatBody,
  writeEmbedAnswer,
  writeEmbedBody,
} from '../src/index.js'
import { bytesOf, readPieces } from './support/read-stream.js'

const text = fc.string({ minLength: 1, unit: 'grapheme' })
const anyText = fc.string({ unit: 'grapheme' })
const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/)
const schema = fc.record({
  type: fc.constant('object'),
  properties: fc.dictionary(name, fc.record({ type: fc.constantFrom('string', 'number') }), {
    noNullPrototype: true,
  }),
})
const image = fc.oneof(
  fc.record({
    type: fc.constant('image' as const),
    mediaType: fc.constantFrom('image/png', 'image/jpeg'),
    base64: fc.base64String(),
  }),
  fc.record({ type: fc.constant('image' as const), url: fc.webUrl() }),
)
const part = fc.oneof(fc.record({ type: fc.constant('text' as const), text: anyText }), image)
const call = fc.record({ id: text, name, arguments: fc.json().map((json) => json || '{}') })
const message: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('system' as const), content: anyText }),
  fc.record({
    role: fc.constant('user' as const),
    content: fc.oneof(anyText, fc.array(part, { minLength: 1, maxLength: 3 })),
  }),
  fc.record({ role: fc.constant('assistant' as const), content: anyText }),
  fc.record({
    role: fc.constant('assistant' as const),
    content: anyText,
    toolCalls: fc.array(call, { minLength: 1, maxLength: 2 }),
  }),
  fc.record({ role: fc.constant('tool' as const), toolCallId: text, content: anyText }),
)
const tool: fc.Arbitrary<Tool> = fc.oneof(
  fc.record({ name, parameters: schema }),
  fc.record({ name, description: text, parameters: schema }),
)
const request: fc.Arbitrary<ChatRequest> = fc
  .record(
    {
      model: text,
      messages: fc.array(message, { minLength: 1, maxLength: 5 }),
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      toolChoice: fc.oneof(
        fc.constantFrom('auto' as const, 'none' as const, 'required' as const),
        fc.record({ name }),
      ),
      responseFormat: fc.oneof(
        fc.constant({ type: 'json' as const }),
        fc.record({ type: fc.constant('json-schema' as const), name, schema }),
      ),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.double({ min: 0.001, max: 1, noNaN: true }),
      maxTokens: fc.integer({ min: 1, max: 1e6 }),
      stop: fc.array(text, { minLength: 1, maxLength: 4 }),
      seed: fc.integer(),
      reasoning: fc.constantFrom('off' as const, 'low' as const, 'medium' as const, 'high' as const),
    },
    { requiredKeys: ['model', 'messages'] },
  )
  // A choice means nothing without tools and is left out.
  .map(({ toolChoice, ...rest }) =>
    rest.tools === undefined || toolChoice === undefined ? rest : { ...rest, toolChoice },
  )

/** What JSON and the names of tools in earlier calls make of a request. */
function normal(value: ChatRequest): unknown {
  const names = new Map<string, string>()
  const messages = value.messages.map((one) => {
    if (one.role === 'assistant') for (const made of one.toolCalls ?? []) names.set(made.id, made.name)
    const toolName = one.role === 'tool' ? names.get(one.toolCallId) : undefined
    return toolName === undefined ? one : { ...one, toolName }
  })
  return JSON.parse(JSON.stringify({ ...value, messages })) as unknown
}

describe('what is written is read back', () => {
  it('requests', () => {
    fc.assert(
      fc.property(
        request,
        fc.constantFrom('max_tokens', 'max_completion_tokens'),
        fc.constantFrom('json-schema', 'json-schema'),
        (wanted, maxTokensField, jsonSchema) => {
          const { body, warnings } = writeChatBody(wanted, { maxTokensField, jsonSchema })
          const { input, stream, includeUsage } = readChatBody(JSON.parse(JSON.stringify(body)))
          expect(input).toEqual(normal(wanted))
          expect({ stream, includeUsage, warnings }).toEqual({
            stream: true,
            includeUsage: true,
            warnings: [],
          })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('requests for embeddings', () => {
    const wish: fc.Arbitrary<EmbedRequest> = fc.record(
      {
        model: text,
        inputs: fc.array(text, { minLength: 1 }),
        dimensions: fc.integer({ min: 1, max: 4096 }),
      },
      { requiredKeys: ['model', 'inputs'] },
    )
    fc.assert(
      fc.property(wish, fc.constantFrom('float' as const, 'base64' as const), (wanted, embeddingEncoding) => {
        const { input, encoding } = readEmbedBody(
          JSON.parse(JSON.stringify(writeEmbedBody(wanted, { embeddingEncoding }))),
        )
        const { inputs, ...rest } = wanted
        expect(input).toEqual({ ...rest, input: inputs })
        expect(encoding).toBe(embeddingEncoding)
      }),
    )
  })

  it('vectors, as numbers exactly and as base64 to 32 bits', () => {
    const vectors = fc.array(
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 3, maxLength: 3 }),
      { minLength: 1 },
    )
    fc.assert(
      fc.property(vectors, fc.constantFrom('float' as const, 'base64' as const), (given, encoding) => {
        const written: unknown = JSON.parse(
          JSON.stringify(
            writeEmbedAnswer(
              { vectors: given, model: 'm', usage: { inputTokens: 3, outputTokens: 0 } },
              encoding,
            ),
          ),
        )
        const read = readEmbedAnswer(written, given.length)
        // JSON has no negative zero.
        const plain = (rows: readonly (readonly number[])[]): unknown =>
          rows.map((row) => row.map((number) => number + 0))
        expect(typeof read === 'string' ? read : plain(read.vectors)).toEqual(plain(given))
      }),
    )
  })

  it('long vectors in base64', () => {
    const numbers = Array.from({ length: 20_000 }, (_none, index) => Math.fround(Math.sin(index)))
    expect(base64ToFloats(floatsToBase64(numbers))).toEqual(numbers)
    expect(base64ToFloats('not base64!')).toBeUndefined()
    expect(base64ToFloats('AAA=')).toBeUndefined()
  })
})

/** Whole answers as a provider gives them. */
const events: fc.Arbitrary<readonly ChatEvent[]> = fc
  .record({
    pieces: fc.array(
      fc.oneof(
        fc.record({ type: fc.constant('text' as const), text }),
        fc.record({ type: fc.constant('reasoning' as const), text }),
      ),
      { maxLength: 6 },
    ),
    calls: fc.uniqueArray(
      fc.record({
        id: text,
        name,
        arguments: fc.array(fc.constantFrom('{}', '{"a":1}', '{"ü":"🌊"}'), { minLength: 1, maxLength: 1 }),
        cut: fc.nat(8),
      }),
      { selector: ({ id }) => id, maxLength: 3 },
    ),
    reason: fc.constantFrom('stop' as const, 'length' as const, 'content-filter' as const),
    usage: fc.option(
      fc.record({ inputTokens: fc.integer({ min: 1, max: 1e6 }), outputTokens: fc.nat(1e6) }),
      { nil: undefined },
    ),
  })
  .map(({ pieces, calls, reason, usage }): readonly ChatEvent[] => [
    { type: 'start', model: 'served', responseId: 'answer-1', warnings: [] },
    ...pieces,
    ...calls.flatMap(({ id, name: called, arguments: [whole = '{}'], cut }): readonly ChatEvent[] => [
      { type: 'tool-call', id, name: called, argumentsText: whole.slice(0, cut) },
      { type: 'tool-call', id, argumentsText: whole.slice(cut) },
    ]),
    {
      type: 'finish',
      reason: calls.length > 0 && reason === 'stop' ? 'tool-calls' : reason,
      ...(usage === undefined ? {} : { usage }),
    },
  ])

function essence(all: readonly ChatEvent[]): unknown {
  const { text: said, reasoning, toolCalls, start, finish } = summarize(all)
  return {
    said,
    reasoning,
    toolCalls,
    model: start?.model,
    id: start?.responseId,
    reason: finish?.reason,
    usage: finish?.usage,
  }
}

describe('answers that are written are read back', () => {
  it('as a stream', async () => {
    await fc.assert(
      fc.asyncProperty(events, async (all) => {
        const writer = new ChatChunkWriter({ id: 'answer-1', now: 0, includeUsage: true })
        const body =
          all
            .flatMap((event) => writer.write(event))
            .map(dataFrame)
            .join('') + DONE_FRAME
        const read = await readPieces([bytesOf(body)])
        expect(read.code).toBeUndefined()
        expect(essence(read.events)).toEqual(essence(all))
      }),
      { numRuns: 300 },
    )
  })

  it('whole', () => {
    fc.assert(
      fc.property(events, (all) => {
        const body: unknown = JSON.parse(JSON.stringify(writeChatAnswer(all, { id: 'answer-1', now: 0 })))
        let ids = 0
        const read = readChatAnswer(body, {
          origin: { provider: 'double', model: 'asked' },
          warnings: [],
          newId: () => `made-${++ids}`,
          reasoning: true,
          uniqueIds: true,
          failure: () => new Error('an error was found') as never,
        })
        expect(essence([...read])).toEqual(essence(all))
      }),
      { numRuns: 300 },
    )
  })
})
