import { fixtureBytes, OPENAI_FIXTURES } from '@openmux/testkit/openai'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, cutAt, readPieces } from './support/read-stream.js'

const STREAMS = OPENAI_FIXTURES.filter(({ frames }) => frames !== undefined && frames.length > 0)

describe('a stream gives the same events', () => {
  it('however it is cut into packets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STREAMS),
        fc.array(fc.nat(4_000), { maxLength: 40 }),
        async (fixture, places) => {
          const bytes = fixtureBytes(fixture)
          expect(await readPieces(cutAt(bytes, places))).toEqual(await readPieces([bytes]))
        },
      ),
      { numRuns: 300 },
    )
  })

  it('byte by byte', async () => {
    for (const fixture of STREAMS) {
      const bytes = fixtureBytes(fixture)
      const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
      expect(await readPieces(single), fixture.name).toEqual(await readPieces([bytes]))
    }
  })
})

describe('a stream that is cut short', () => {
  it('is never taken for whole before its finish reason', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...STREAMS), fc.nat(), async (fixture, place) => {
        const bytes = fixtureBytes(fixture)
        const part = bytes.subarray(0, place % bytes.length)
        const { events, code } = await readPieces([part])
        const finished = events.some(({ type }) => type === 'finish')
        expect(finished).toBe(code === undefined)
        if (finished) expect(new TextDecoder().decode(part)).toMatch(/"finish_reason":"/)
      }),
      { numRuns: 300 },
    )
  })
})

describe('noise', () => {
  const value = fc.letrec((tie) => ({
    chunk: fc.record(
      {
        id: fc.oneof(fc.string(), fc.constant(null), fc.integer()),
        model: fc.oneof(fc.string(), fc.jsonValue()),
        error: fc.option(fc.jsonValue(), { nil: null, freq: 3 }),
        usage: fc.oneof(
          fc.jsonValue(),
          fc.record({ prompt_tokens: fc.jsonValue(), completion_tokens: fc.jsonValue() }),
        ),
        choices: fc.oneof(fc.jsonValue(), fc.array(tie('choice'), { maxLength: 2 })),
      },
      { requiredKeys: [] },
    ),
    choice: fc.record(
      {
        index: fc.oneof(fc.constant(0), fc.jsonValue()),
        delta: fc.oneof(fc.jsonValue(), tie('delta')),
        finish_reason: fc.oneof(fc.constantFrom(null, 'stop', 'tool_calls', 'error', ''), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
    delta: fc.record(
      {
        role: fc.jsonValue(),
        content: fc.oneof(fc.string({ unit: 'binary' }), fc.jsonValue()),
        reasoning: fc.oneof(fc.string(), fc.jsonValue()),
        reasoning_details: fc.jsonValue(),
        tool_calls: fc.oneof(fc.jsonValue(), fc.array(tie('call'), { maxLength: 3 })),
        function_call: fc.jsonValue(),
      },
      { requiredKeys: [] },
    ),
    call: fc.record(
      {
        index: fc.oneof(fc.nat(2), fc.jsonValue()),
        id: fc.oneof(fc.constantFrom('a', 'b', ''), fc.jsonValue()),
        function: fc.oneof(
          fc.record({
            name: fc.constantFrom('f', '', null),
            arguments: fc.oneof(fc.string(), fc.jsonValue()),
          }),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    ),
  }))

  it('never breaks the reader: events in order, or a typed error', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof({ weight: 4, arbitrary: value.chunk }, { weight: 1, arbitrary: fc.jsonValue() }), {
          maxLength: 8,
        }),
        async (chunks) => {
          const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
          const { events, code } = await readPieces([bytesOf(body)])
          expectInOrder(events.map(({ type }) => type))
          expect(events.at(-1)?.type === 'finish').toBe(code === undefined)
          for (const event of events) {
            if (event.type === 'text' || event.type === 'reasoning') {
              expect(event.text).not.toBe('')
              expect(event.text.isWellFormed()).toBe(true)
            }
          }
          const calls = Map.groupBy(
            events.filter((event) => event.type === 'tool-call'),
            ({ id }) => id,
          )
          for (const pieces of calls.values()) expect(pieces[0]?.name).toBeTruthy()
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('of any bytes never breaks the reader', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const { code } = await readPieces([bytesOf('data: '), bytes])
        expect(code).toBeDefined()
      }),
    )
  })
})

function expectInOrder(types: readonly string[]): void {
  expect(types.filter((type) => type === 'start').length).toBeLessThanOrEqual(1)
  if (types.length > 0) expect(types[0]).toBe('start')
  expect(types.indexOf('finish') === -1 || types.indexOf('finish') === types.length - 1).toBe(true)
}
