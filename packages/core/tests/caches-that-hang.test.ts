import { describe, expect, it } from 'vitest'
import { type AnswerCache, memoryCache, withCache } from '../src/cache/index.js'
import { combine } from '../src/combine/index.js'
import { createOpenMux, type EmbeddingSpace, type OpenMuxError } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import { answer, card, scripted } from './support/scripted-provider.js'

const SPACE: EmbeddingSpace = { model: 'e', dimensions: 1, pooling: 'mean', normalized: true }

/** A cache whose server takes connections and says nothing. */
const silent = (): AnswerCache => ({ ...memoryCache(), get: () => new Promise(() => undefined) })

const make = (cache: AnswerCache) => {
  const clock = new ManualClock()
  const errors: OpenMuxError[] = []
  const providers = [
    scripted('one', {
      cards: [card('model-1', { tasks: ['chat', 'embeddings'], space: SPACE })],
      vectors: [{ model: 'e', space: SPACE, vectors: [[1]] }],
    }),
  ]
  const mux = withCache(createOpenMux({ providers, clock }), {
    cache,
    clock,
    onError: (error) => errors.push(error),
  })
  return { mux, clock, errors }
}

describe('a cache that never answers', () => {
  it('costs no answer, and is told of', async () => {
    const { mux, clock, errors } = make(silent())
    expect((await clock.runUntil(mux.chat({ prompt: 'Hi', task: 'chat' }))).text).toBe('Hello')
    expect((await clock.runUntil(mux.stream({ prompt: 'Hi', task: 'chat' }).result())).text).toBe('Hello')
    expect((await clock.runUntil(mux.embed('Hi'))).vectors).toEqual([[1]])
    expect(errors.map(({ code }) => code)).toEqual(['timeout', 'timeout', 'timeout'])
    expect(clock.pending).toBe(0)
  })

  it('keeps nobody from leaving at once', async () => {
    const { mux } = make(silent())
    const controller = new AbortController()
    const { signal } = controller
    const asked = [
      mux.chat({ prompt: 'Hi', task: 'chat', signal }),
      mux.stream({ prompt: 'Hi', task: 'chat', signal }).result(),
      mux.embed({ input: 'Hi', signal }),
    ].map((work) => failureOf(work))
    await settle()
    controller.abort()
    for (const error of await Promise.all(asked)) expect(error.code).toBe('aborted')
  })
})

describe("a judgement of the caller's own that throws", () => {
  it('ends the panel, and says so', async () => {
    const providers = ['a', 'b', 'c'].map((id) => scripted(id, { answers: [answer('Yes.')] }))
    const isUsable = (): boolean => {
      throw new Error('judgement')
    }
    const error = await failureOf(
      combine(createOpenMux({ providers }), 'Is it?', { strategy: 'vote', answers: 3, isUsable }),
    )
    expect(error.code).toBe('all-failed')
    expect(error.message).toContain('judgement')
  })
})
