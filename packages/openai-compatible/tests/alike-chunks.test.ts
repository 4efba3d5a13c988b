import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, readPieces } from './support/read-stream.js'

type Json = Record<string, unknown>

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('a', ' the', '', '"', '\\', '"content":"', '"}]}', '\t', 'é', '👋', '\ud83d', '\udc4b'),
)

/** What vendors send around the words; the same of one kind are alike to the last character but for the words. */
const AROUND: readonly ((words: string, number: number) => Json)[] = [
  (content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: null }] }),
  (content) => ({
    choices: [{ index: 0, delta: { role: 'assistant', content }, logprobs: null }],
    usage: null,
  }),
  (content) => ({ choices: [{ index: 0, delta: { content, refusal: null, tool_calls: [] } }] }),
  (content) => ({ choices: [{ index: 0, delta: { content, reasoning_content: 'hm' } }] }),
  (content) => ({ choices: [{ index: 0, delta: { reasoning_content: content } }] }),
  (content) => ({ choices: [{ index: 0, delta: { content: '', refusal: content } }] }),
  (content) => ({ choices: [{ index: 0, delta: { content: [{ type: 'text', text: content }] } }] }),
  (content) => ({ choices: [{ index: 1, delta: { content } }] }),
  (content) => ({ choices: [{ delta: { content: 'one' } }, { delta: { content } }] }),
  (content) => ({ choices: [{ index: 0, delta: { content }, finish_reason: 'stop' }] }),
  (content) => ({
    choices: [{ index: 0, delta: { content } }],
    usage: { prompt_tokens: 1, completion_tokens: 2 },
  }),
  (content) => ({
    choices: [
      {
        index: 0,
        delta: { content, tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '1' } }] },
      },
    ],
  }),
  (content) => ({
    choices: [{ index: 0, delta: { content, function_call: { name: 'f', arguments: '1' } } }],
  }),
  (content, number) => ({ created: number, choices: [{ index: 0, delta: { content } }] }),
  (content) => ({ message: { content: 'other' }, choices: [{ index: 0, delta: { content } }] }),
]

const chunk = fc.record({
  words: text,
  kind: fc.nat(AROUND.length - 1),
  again: fc.integer({ min: 1, max: 6 }),
})

const frame = (data: Json): string => `data: ${JSON.stringify(data)}\n\n`
const END = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'

describe('chunks that are alike but for their words', () => {
  it('say the same as chunks of which none is like another', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(chunk, { maxLength: 12 }), async (chunks) => {
        const sent = chunks.flatMap(({ words, kind, again }) =>
          Array.from(
            { length: again },
            (_each, number) => AROUND[kind]?.(`${words}${'!'.repeat(number)}`, number) ?? {},
          ),
        )
        const alike = sent.map(frame).join('') + END
        const unlike = sent.map((data, number) => frame({ noise: number, ...data })).join('') + END
        expect(await readPieces([bytesOf(alike)])).toEqual(await readPieces([bytesOf(unlike)]))
      }),
      { numRuns: 500 },
    )
  })

  it.each([
    [
      'the same words stand elsewhere first',
      [
        { message: { content: 'a' }, choices: [{ index: 0, delta: { content: 'a' } }] },
        { message: { content: 'b' }, choices: [{ index: 0, delta: { content: 'a' } }] },
      ],
    ],
    [
      'the words were those of another choice',
      [
        {
          choices: [
            { index: 1, delta: { content: 'a' } },
            { index: 0, delta: { refusal: 'a' } },
          ],
        },
        {
          choices: [
            { index: 1, delta: { content: 'b' } },
            { index: 0, delta: { refusal: 'a' } },
          ],
        },
      ],
    ],
  ])('are read one by one when %s', async (_when, chunks) => {
    const { events } = await readPieces([bytesOf([{}, ...chunks].map(frame).join('') + END)])
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : []))).toEqual(['a', 'a'])
  })

  it('are read one by one while a tool call comes with them', async () => {
    const start = {
      choices: [{ index: 0, delta: { tool_calls: [{ index: 0, id: 'c', function: { name: 'f' } }] } }],
    }
    const part = (content: string): Json => ({
      choices: [{ index: 0, delta: { content, tool_calls: [{ index: 0, function: { arguments: '1' } }] } }],
    })
    const { events } = await readPieces([
      bytesOf([start, part('a'), part('b'), part('c')].map(frame).join('') + END),
    ])
    expect(events.map((event) => (event.type === 'tool-call' ? event.argumentsText : '')).join('')).toBe(
      '111',
    )
  })

  it('are read one by one when one of them is an event of another name', async () => {
    const words = (content: string): string => frame({ choices: [{ index: 0, delta: { content } }] })
    const { events, code } = await readPieces([
      bytesOf(`${words('a')}${words('b')}event: error\n${words('c')}${END}`),
    ])
    expect(events.flatMap((event) => (event.type === 'text' ? event.text : []))).toEqual(['a', 'b', 'c'])
    expect(code).toBeDefined()
  })
})
