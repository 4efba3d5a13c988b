import { describe, expect, it } from 'vitest'
import {
  createOpenMux,
  type EmbeddingSpace,
  embeddingSpaceId,
  OpenMuxError,
  sameSpace,
} from '../src/index.js'
import { failureOf } from './support/failure.js'
import { card, scripted } from './support/scripted-provider.js'

const space: EmbeddingSpace = { model: 'minilm', dimensions: 2, pooling: 'mean', normalized: true }
const other: EmbeddingSpace = { ...space, model: 'bge' }
const embedder = (id: string, its: EmbeddingSpace, vectors: readonly (readonly number[])[] | Error) =>
  scripted(id, {
    cards: [card('embedder', { tasks: ['embeddings'], space: its })],
    vectors: [vectors instanceof Error ? vectors : { vectors, space: its, model: 'embedder' }],
  })
const down = new OpenMuxError({ code: 'network', message: 'down', scope: 'endpoint' })

describe('embeddings', () => {
  it('give one vector a text, in order, with the identity of their space', async () => {
    const result = await createOpenMux({
      providers: [
        embedder('a', space, [
          [1, 0],
          [0, 1],
        ]),
      ],
    }).embed(['x', 'y'])
    expect(result).toMatchObject({
      vectors: [
        [1, 0],
        [0, 1],
      ],
      space,
      provider: 'a',
      usage: { estimated: true },
    })
  })

  it('are never taken from a chat model', async () => {
    const chat = scripted('chat')
    expect((await failureOf(createOpenMux({ providers: [chat] }).embed('x'))).code).toBe('unsupported')
    const chatOnly = scripted('mixed', { cards: [card('chatty')], vectors: [] })
    expect((await failureOf(createOpenMux({ providers: [chatOnly] }).embed('x'))).code).toBe('unsupported')
    expect(
      (await failureOf(createOpenMux({ providers: [chatOnly] }).embed({ input: 'x', model: 'chatty' }))).code,
    ).toBe('unsupported')
    expect(chat.asked.length + chatOnly.embedded.length).toBe(0)
  })

  it('are not taken in another length than the model is known to make', async () => {
    const short = scripted('short', {
      cards: [card('embedder', { tasks: ['embeddings'], space })],
      vectors: [{ vectors: [[1]], space: { ...space, dimensions: 1 }, model: 'embedder' }],
    })
    expect((await failureOf(createOpenMux({ providers: [short] }).embed('x'))).code).toBe('bad-response')
    const result = await createOpenMux({ providers: [short, embedder('b', space, [[1, 0]])] }).embed('x')
    expect(result).toMatchObject({ provider: 'b', vectors: [[1, 0]] })
  })

  it('that come from two back ends of one space name the one that made the last of them', async () => {
    const tooMany = new OpenMuxError({ code: 'too-large', message: 'too many' })
    const of = (model: string, count: number) => ({
      vectors: Array.from({ length: count }, () => [1, 0]),
      space,
      model,
    })
    const cards = [card('embedder', { tasks: ['embeddings'], space })]
    const a = scripted('a', { cards, vectors: [tooMany, of('embedder-of-a', 1), down] })
    const b = scripted('b', { cards, vectors: [of('embedder-of-b', 3)] })
    const result = await createOpenMux({ providers: [a, b] }).embed(['w', 'x', 'y', 'z'])
    expect(result).toMatchObject({ provider: 'b', model: 'embedder-of-b', vectors: { length: 4 } })
  })

  it('fail over inside the space', async () => {
    const result = await createOpenMux({
      providers: [embedder('a', space, down), embedder('b', space, [[1, 0]])],
    }).embed('x')
    expect(result.provider).toBe('b')
  })

  it('fail rather than change the space', async () => {
    const b = embedder('b', other, [[1, 0]])
    const error = await failureOf(createOpenMux({ providers: [embedder('a', space, down), b] }).embed('x'))
    expect(error.code).toBe('network')
    expect(error.decision?.candidates.at(-1)?.reasons[0]).toContain('another embedding space')
    expect(b.embedded).toHaveLength(0)
  })

  it('of a candidate that answers in another space than its card says are no answer after a failure', async () => {
    const liar = scripted('liar', {
      cards: [card('embedder', { tasks: ['embeddings'], space })],
      vectors: [{ vectors: [[1, 0]], space: other, model: 'embedder' }],
    })
    const openmux = createOpenMux({ providers: [embedder('a', space, down), liar] })
    expect((await failureOf(openmux.embed('x'))).attempts?.at(-1)).toMatchObject({
      provider: 'liar',
      code: 'unsupported',
    })
  })

  it('that hold something else than numbers are no answer', async () => {
    const openmux = createOpenMux({ providers: [embedder('a', space, [[1, Number.NaN]])] })
    expect((await failureOf(openmux.embed('x'))).code).toBe('bad-response')
  })

  it('keep to the space the caller has an index in, from the first candidate on', async () => {
    const a = embedder('a', other, [[1, 0]])
    expect(
      (await createOpenMux({ providers: [a, embedder('b', space, [[1, 0]])] }).embed({ input: 'x', space }))
        .provider,
    ).toBe('b')
    expect(a.embedded).toHaveLength(0)
  })

  it('with a wrong number or length of vectors are no answer', async () => {
    expect(
      (await failureOf(createOpenMux({ providers: [embedder('a', space, [[1, 0]])] }).embed(['x', 'y'])))
        .code,
    ).toBe('bad-response')
    expect(
      (await failureOf(createOpenMux({ providers: [embedder('a', space, [[1, 0, 0]])] }).embed('x'))).code,
    ).toBe('bad-response')
  })

  it('refuse empty input by name', async () => {
    const openmux = createOpenMux({ providers: [embedder('a', space, [[1, 0]])] })
    expect(await failureOf(openmux.embed([]))).toMatchObject({ code: 'bad-request', field: 'input' })
    expect(await failureOf(openmux.embed(['x', '']))).toMatchObject({
      code: 'bad-request',
      field: 'input[1]',
    })
  })

  it('spaces differ when any part of their identity does', () => {
    expect(sameSpace(space, { ...space })).toBe(true)
    for (const change of [
      { model: 'x' },
      { revision: 'r' },
      { dimensions: 3 },
      { pooling: 'cls' as const },
      { normalized: false },
    ]) {
      expect(sameSpace(space, { ...space, ...change })).toBe(false)
    }
    expect(embeddingSpaceId({ ...space, revision: 'abc' })).toBe('minilm@abc/2/mean/normalized')
  })
})
