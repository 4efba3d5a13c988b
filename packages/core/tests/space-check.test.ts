import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareVectors } from '../src/embeddings/compare-vectors.js'
import {
  checkSpace,
  readReference,
  REFERENCE_SENTENCES,
  SpaceMismatch,
  type SpaceReference,
  takeReference,
} from '../src/embeddings/index.js'
import { createOpenMux, type EmbeddingSpace, type EmbedRequest, type Provider } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ALL_CAPABILITIES, card } from './support/scripted-provider.js'

const space: EmbeddingSpace = { model: 'm', revision: '1', dimensions: 3, pooling: 'mean', normalized: true }
const vectorOf = (text: string): number[] => {
  const sum = Array.from(text).reduce((all, letter) => all + (letter.codePointAt(0) ?? 0), 0)
  return [Math.sin(sum), Math.cos(sum), Math.sin(sum * 2)]
}

/** An embedder whose vectors are turned and stretched a little. */
function embedder(change: (vector: number[]) => number[] = (vector) => vector, its = space): Provider {
  return {
    contract: 1,
    id: 'e',
    name: 'e',
    lifecycle: { stage: 'active', since: '2026-11-23' },
    locality: 'local',
    tasks: ['embeddings'],
    supports: ALL_CAPABILITIES,
    hosts: [],
    ready: async () => ({ ready: true }),
    models: async () => [card('m', { tasks: ['embeddings'], space: its })],
    embed: async ({ inputs }: EmbedRequest) => ({
      vectors: inputs.map((text) => change(vectorOf(text))),
      space: its,
      model: 'm',
    }),
    close: async () => undefined,
  }
}
const mux = (provider: Provider) => createOpenMux({ providers: [provider] })
const reference = (): Promise<SpaceReference> => takeReference(mux(embedder()), { purpose: 'document' })

describe('a check of a space by reference sentences', () => {
  it('agrees with itself, after a way through JSON and with rounded vectors', async () => {
    const stored: unknown = JSON.parse(JSON.stringify(await reference()))
    const rounded = embedder((vector) => vector.map((value) => Math.round(value * 100) / 100))
    const check = await checkSpace(mux(rounded), { reference: readReference(stored) })
    expect(check).toMatchObject({ agrees: true, provider: 'e', model: 'm', space })
    expect(check.samples).toHaveLength(REFERENCE_SENTENCES.length)
    expect(check.leastSimilarity).toBeGreaterThan(0.999)
  })

  it.each([
    ['another model', (vector: number[]) => vector.toReversed()],
    ['vectors of another length', (vector: number[]) => vector.map((value) => value * 2)],
  ])('fails typed for %s behind the same name', async (_what, change) => {
    const error = await failureOf(checkSpace(mux(embedder(change)), { reference: await reference() }))
    expect(error).toBeInstanceOf(SpaceMismatch)
    expect(error).toMatchObject({ code: 'unsupported', provider: 'e', model: 'm', check: { agrees: false } })
    expect(error.message).toContain('differ')
  })

  it('lets the tolerance be chosen', async () => {
    const turned = embedder(([x = 0, y = 0, z = 0]) => [x + 0.1, y, z])
    const options = { reference: await reference(), lengthTolerance: 1 }
    expect((await checkSpace(mux(turned), { ...options, leastSimilarity: 0.5 })).agrees).toBe(true)
    expect((await failureOf(checkSpace(mux(turned), { ...options, leastSimilarity: 0.9999 }))).code).toBe(
      'unsupported',
    )
    expect((await failureOf(checkSpace(mux(turned), { ...options, leastSimilarity: 2 }))).field).toBe(
      'leastSimilarity',
    )
  })

  it('does not even ask who names another space, unless only vectors are to be compared', async () => {
    const renamed = embedder(undefined, { ...space, revision: '2' })
    const given = await reference()
    expect((await failureOf(checkSpace(mux(renamed), { reference: given }))).code).toBe('no-candidate')
    const check = await checkSpace(mux(renamed), { reference: given, sameIdentity: false })
    expect(check).toMatchObject({ agrees: true, space: { revision: '2' } })
  })

  it('names what is wrong with a reference', async () => {
    const good = await reference()
    const bad: (readonly [string, unknown])[] = [
      ['reference', null],
      ['reference.space', { ...good, space: 1 }],
      ['reference.space.dimensions', { ...good, space: { ...space, dimensions: 'x' } }],
      ['reference.samples', { ...good, samples: [] }],
      ['reference.samples[0].vector', { ...good, samples: [{ text: 'x', vector: [1] }] }],
      ['reference.samples[0].text', { ...good, samples: [{ vector: [1, 2, 3] }] }],
      ['reference.purpose', { ...good, purpose: 'fun' }],
    ]
    for (const [field, value] of bad)
      expect(await failureOf(Promise.resolve().then(() => readReference(value)))).toMatchObject({
        code: 'bad-request',
        field,
      })
  })
})

describe('two vectors', () => {
  const number = fc.double({ min: -1e150, max: 1e150, noNaN: true })
  it('are compared within bounds, whatever they hold, and the same both ways', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 8 }), fc.array(number, { maxLength: 8 }), (a, b) => {
        const one = compareVectors(a, b)
        expect(one.similarity).toBeGreaterThanOrEqual(-1)
        expect(one.similarity).toBeLessThanOrEqual(1)
        expect(one.similarity).toBeCloseTo(compareVectors(b, a).similarity, 9)
      }),
    )
  })

  it('agree with themselves', () => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 8 }), (vector) => {
        fc.pre(Math.hypot(...vector) > 0)
        expect(compareVectors(vector, vector).similarity).toBeCloseTo(1, 9)
      }),
    )
  })
})
