import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createOpenMux,
  type EmbeddingSpace,
  isOpenMuxError,
  OpenMuxError,
  type Provider,
} from '../src/index.js'
import { watched } from './support/watched-ledger.js'
import { ManualClock } from './support/manual-clock.js'
import { card, scripted } from './support/scripted-provider.js'

const SPACE: EmbeddingSpace = { model: 'e', dimensions: 1, pooling: 'mean', normalized: true }
const OTHER: EmbeddingSpace = { ...SPACE, model: 'other' }

const anyCall = fc.record({
  after: fc.constantFrom(0, 0, 30, 4_000),
  how: fc.constantFrom(
    'answers',
    'answers',
    'fails',
    'too large',
    'one short',
    'not a number',
    'other space',
    'hangs',
  ),
  code: fc.constantFrom('unavailable', 'rate-limit', 'model-not-found', 'aborted', 'network', 'too-large'),
})

const anyProvider = fc.record({
  maxBatch: fc.constantFrom(undefined, 1, 2, 5),
  space: fc.constantFrom(SPACE, SPACE, OTHER, undefined),
  calls: fc.array(anyCall, { minLength: 1, maxLength: 6 }),
})

const anyRequest = fc.record({
  texts: fc.integer({ min: 1, max: 12 }),
  leavesAfter: fc.option(fc.constantFrom(0, 10, 200, 5_000), { nil: undefined }),
  closesAfter: fc.option(fc.constantFrom(0, 60), { nil: undefined }),
})

type Made = typeof anyProvider extends fc.Arbitrary<infer T> ? T : never

function embedder(id: string, { maxBatch, space, calls }: Made, odd: string[]): Provider {
  let asked = 0
  return {
    ...scripted(id, {
      tasks: ['embeddings'],
      hosts: [`${id}.example:443`],
      cards: [
        card('e', {
          tasks: ['embeddings'],
          ...(space !== undefined && { space }),
          ...(maxBatch !== undefined && { maxBatch }),
        }),
      ],
    }),
    async embed({ inputs }, { clock, signal }) {
      const { after, how, code } = calls[Math.min(asked, calls.length - 1)] ?? { after: 0, how: 'hangs' }
      asked += 1
      if (signal.aborted) odd.push('sent for a request that was over')
      if (inputs.length === 0) odd.push('sent without texts')
      await new Promise<void>((resolve) => {
        clock.after(after, resolve)
      })
      if (how === 'hangs') await new Promise(() => undefined)
      if (how === 'fails') throw new OpenMuxError({ code: code ?? 'unavailable', message: 'no' })
      if (how === 'too large' && inputs.length > 1)
        throw new OpenMuxError({ code: 'too-large', message: 'no' })
      const vectors = inputs.map((text) => [how === 'not a number' ? Number.NaN : Number(text)])
      return {
        model: 'e',
        space: how === 'other space' ? OTHER : (space ?? SPACE),
        vectors: how === 'one short' ? vectors.slice(1) : vectors,
      }
    },
  }
}

describe('on every path of an embedding', () => {
  it('vectors come whole, in order and of one space, and each call is settled once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyProvider, { minLength: 1, maxLength: 3 }),
        fc.array(anyRequest, { minLength: 1, maxLength: 4 }),
        async (world, requests) => {
          const clock = new ManualClock()
          const { keeping, claims } = watched()
          const odd: string[] = []
          const providers = world.map((one, index) => embedder(`p${index}`, one, odd))
          const concurrency = Object.fromEntries(providers.map(({ id }) => [id, 1]))
          const mux = createOpenMux({ providers, clock, concurrency, ledger: keeping, random: () => 0.5 })
          const told: string[] = []
          mux.on((event) => told.push(`${event.request} ${event.type}`))
          const all = requests.map(async ({ texts, leavesAfter, closesAfter }) => {
            const controller = new AbortController()
            if (leavesAfter !== undefined) clock.after(leavesAfter, () => controller.abort())
            if (closesAfter !== undefined) clock.after(closesAfter, () => void mux.close())
            const input = Array.from({ length: texts }, (_, index) => String(index))
            try {
              const { vectors, space, attempts } = await mux.embed({ input, signal: controller.signal })
              expect(vectors).toEqual(input.map((text) => [Number(text)]))
              expect([SPACE, OTHER]).toContainEqual(space)
              expect(attempts.length).toBeLessThanOrEqual(4)
            } catch (error) {
              if (!isOpenMuxError(error)) throw error
            }
          })
          await clock.runUntil(Promise.all(all))
          await clock.advance(700_000)
          expect(clock.pending).toBe(0)
          expect(odd).toEqual([])
          for (const outcomes of claims.values()) expect(outcomes).toHaveLength(1)
          for (const story of Map.groupBy(told, (line) => line.split(' ')[0]).values()) {
            const count = (type: string): number => story.filter((line) => line.endsWith(` ${type}`)).length
            expect(count('attempt-ended')).toBe(count('attempt-started'))
            expect(count('request-ended')).toBe(1)
          }
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 150) },
    )
  }, 120_000)
})
