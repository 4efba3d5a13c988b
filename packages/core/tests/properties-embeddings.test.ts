import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createOpenMux,
  type EmbeddingSpace,
  embeddingSpaceId,
  type EmbedResult,
  type ErrorCode,
  isOpenMuxError,
  OpenMuxError,
  type Provider,
} from '../src/index.js'
import { ManualClock } from './support/manual-clock.js'
import { card, scripted } from './support/scripted-provider.js'

/** Spaces of one length: nothing but their identity tells them apart. */
const SPACES: readonly EmbeddingSpace[] = ['a', 'b', 'c'].map((model) => ({
  model,
  dimensions: 3,
  pooling: 'mean',
  normalized: false,
}))

type Turn = 'ok' | 'short' | 'few' | 'other space' | ErrorCode

interface Embedder {
  readonly space: number
  /** Whether its card names the space. */
  readonly says: boolean
  readonly maxBatch: number
  readonly turns: readonly Turn[]
}

const anyEmbedder: fc.Arbitrary<Embedder> = fc.record({
  space: fc.constantFrom(0, 0, 0, 1, 2),
  says: fc.constantFrom(true, true, true, false),
  maxBatch: fc.constantFrom(1, 2, 5, 100),
  turns: fc.array(
    fc.constantFrom<Turn[]>(
      'ok',
      'ok',
      'ok',
      'short',
      'few',
      'other space',
      'too-large',
      'network',
      'unavailable',
      'rate-limit',
    ),
    { minLength: 1, maxLength: 6 },
  ),
})

/** What the vector of a text is in a space: its place and its space can be read off it. */
const vectorOf = (space: number, text: string): number[] => [space, Number(text), 1]

function embedding(index: number, { space, says, maxBatch, turns }: Embedder): Provider & { calls: number } {
  const its = SPACES[space]
  const other = SPACES[(space + 1) % SPACES.length]
  if (its === undefined || other === undefined) throw new Error('no such space')
  const base = scripted(`p${index}`, {
    cards: [card('embedder', { tasks: ['embeddings'], maxBatch, ...(says && { space: its }) })],
    vectors: [],
  })
  return {
    ...base,
    calls: 0,
    async embed({ inputs }) {
      const turn = turns[Math.min(this.calls, turns.length - 1)] ?? 'ok'
      this.calls += 1
      if (turn === 'other space')
        return {
          model: 'embedder',
          space: other,
          vectors: inputs.map((text) => vectorOf(SPACES.indexOf(other), text)),
        }
      const vectors = inputs.map((text) => vectorOf(space, text))
      if (turn === 'ok') return { model: 'embedder', space: its, vectors }
      if (turn === 'short')
        return { model: 'embedder', space: its, vectors: vectors.map((one) => one.slice(1)) }
      if (turn === 'few') return { model: 'embedder', space: its, vectors: vectors.slice(1) }
      throw new OpenMuxError({ code: turn, message: turn })
    },
  }
}

describe('vectors', () => {
  it('are all of one space and in their order, however many back ends made them', async () => {
    let failedOver = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyEmbedder, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 12 }),
        fc.option(fc.nat(SPACES.length - 1), { nil: undefined }),
        async (embedders, count, wanted) => {
          const clock = new ManualClock()
          const providers = embedders.map((one, index) => embedding(index, one))
          const openmux = createOpenMux({ providers, clock, random: () => 0.5, maxAttempts: 6 })
          const space = wanted === undefined ? undefined : SPACES[wanted]
          const input = Array.from({ length: count }, (_, index) => String(index))
          const result = await clock.runUntil(
            openmux.embed({ input, ...(space !== undefined && { space }) }).catch((error: unknown) => {
              if (!isOpenMuxError(error)) throw error
              return undefined
            }),
          )
          if (result !== undefined) {
            checkVectors(result, count, space)
            if (result.attempts.length > 1) failedOver += 1
          }
          expect(clock.pending).toBe(0)
        },
      ),
      { numRuns: 300 },
    )
    // Else the property has proved nothing about failover.
    expect(failedOver).toBeGreaterThan(10)
  })
})

function checkVectors(
  { vectors, space }: EmbedResult,
  count: number,
  wanted: EmbeddingSpace | undefined,
): void {
  const place = SPACES.findIndex((one) => embeddingSpaceId(one) === embeddingSpaceId(space))
  expect(vectors).toEqual(Array.from({ length: count }, (_, index) => vectorOf(place, String(index))))
  if (wanted !== undefined) expect(embeddingSpaceId(space)).toBe(embeddingSpaceId(wanted))
}
