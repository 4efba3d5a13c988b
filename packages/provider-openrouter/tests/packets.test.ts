import type { ChatEvent } from '@openmux/core'
import { fixtureBytes } from '@openmux/testkit/openai'
import { OPENROUTER_ANSWERS, OPENROUTER_BROKEN } from '@openmux/testkit/openrouter'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { callContext, hello, KEY, outcomeOf } from './support/context.js'

const STREAMS = [...OPENROUTER_ANSWERS, ...OPENROUTER_BROKEN].filter(
  ({ frames, ending }) => frames !== undefined && ending === undefined,
)

/** What a provider makes of a stream that comes in these pieces. */
async function read(pieces: readonly Uint8Array[]): Promise<{ events: readonly ChatEvent[]; code?: string }> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) if (piece.length > 0) controller.enqueue(piece)
      controller.close()
    },
  })
  const headers = { 'content-type': 'text/event-stream' }
  const provider = openrouter({
    apiKey: KEY,
    environment: {},
    fetch: () => Promise.resolve(new Response(body, { headers })),
  })
  const { events, error } = await outcomeOf(provider.chat(hello(), callContext()))
  await provider.close()
  return { events, ...(error === undefined ? {} : { code: error.code }) }
}

/** Bytes cut at these places. */
function cutAt(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const cuts = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b)
  const starts = [0, ...cuts]
  return starts.map((start, index) => bytes.subarray(start, starts[index + 1] ?? bytes.length))
}

describe('a stream gives the same events', () => {
  it('however it is cut into packets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...STREAMS),
        fc.array(fc.nat(6_000), { maxLength: 40 }),
        async (fixture, places) => {
          const bytes = fixtureBytes(fixture)
          expect(await read(cutAt(bytes, places))).toEqual(await read([bytes]))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('byte by byte, also in the middle of a character', async () => {
    for (const fixture of STREAMS) {
      const bytes = fixtureBytes(fixture)
      const single = Array.from(bytes, (_byte, index) => bytes.subarray(index, index + 1))
      expect(await read(single), fixture.name).toEqual(await read([bytes]))
    }
  })
})
