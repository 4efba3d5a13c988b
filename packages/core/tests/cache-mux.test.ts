import { describe, expect, it, vi } from 'vitest'
import {
  type AnswerCache,
  embedWith,
  memoryCache,
  semanticCache,
  withCache,
  type WithCacheOptions,
} from '../src/cache/index.js'
import {
  type ChatStreamEvent,
  createOpenMux,
  type EmbeddingSpace,
  type OpenMuxEvent,
  OpenMuxError,
  type Provider,
} from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import {
  answer,
  card,
  hangForEver,
  scripted,
  type ScriptedProvider,
  START,
  type Step,
  STOP,
  text,
} from './support/scripted-provider.js'

const cachedMux = (providers: Provider[], options: Partial<WithCacheOptions> = {}) =>
  withCache(createOpenMux({ providers, random: () => 0 }), { cache: memoryCache(), ...options })

/** Answers another text each time. */
const counting = (id = 'a'): ScriptedProvider =>
  scripted(id, { answers: ['one', 'two', 'three', 'four', 'five'].map((word) => answer(word)) })

async function all(stream: AsyncIterable<ChatStreamEvent>): Promise<ChatStreamEvent[]> {
  const events: ChatStreamEvent[] = []
  for await (const event of stream) events.push(event)
  return events
}

/** Keys are made by the platform, in its own time: waits until so many requests have looked into the cache. */
function watched(): { readonly cache: AnswerCache; looked(times: number): Promise<void> } {
  const cache = memoryCache()
  let looks = 0
  return {
    cache: {
      ...cache,
      get: (key) => {
        looks += 1
        return cache.get(key)
      },
    },
    async looked(times) {
      await vi.waitFor(() => expect(looks).toBe(times))
      await settle()
    },
  }
}

const asked = (provider: ScriptedProvider, times: number): Promise<unknown> =>
  vi.waitFor(() => expect(provider.asked).toHaveLength(times))

/** A gate that a script waits at. */
function gate(): { open(): void; readonly step: () => Promise<void> } {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { open: () => resolve(), step: () => promise }
}

describe('a cached OpenMux', () => {
  it('gives an equal request the same answer, says since when, and that nothing was spent', async () => {
    const clock = new ManualClock()
    const a = counting()
    const mux = cachedMux([a], { cache: memoryCache({ clock }), clock })
    const first = await mux.chat({ prompt: 'Hi', temperature: 0 })
    expect(first.cached).toBeUndefined()
    await clock.advance(5_000)
    const second = await mux.chat({ temperature: 0, messages: [{ role: 'user', content: 'Hi' }] })
    expect(second).toMatchObject({
      text: 'one',
      provider: 'a',
      model: 'model-1',
      attempts: [],
      durationMs: 0,
      usage: { inputTokens: 0, outputTokens: 0 },
      cached: { storedAt: clock.now() - 5_000, usage: { inputTokens: 3, outputTokens: 2 } },
      decision: { policy: 'ordered' },
    })
    expect(a.asked).toHaveLength(1)
  })

  it('asks anew for whatever may shape the answer, and for another caller', async () => {
    const a = counting()
    const mux = cachedMux([a])
    await mux.chat('Hi')
    await mux.chat('Hi there')
    await mux.chat({ prompt: 'Hi', temperature: 1 })
    await mux.chat({ prompt: 'Hi', localOnly: true })
    await mux.chat({ prompt: 'Hi', caller: 'bob' })
    expect(a.asked).toHaveLength(5)
    expect((await mux.chat({ prompt: 'Hi', caller: 'bob', maxAttempts: 1 })).text).toBe('five')
    expect(a.asked).toHaveLength(5)
  })

  it('is refreshed and left out when a request says so', async () => {
    const a = counting()
    const mux = cachedMux([a])
    const chat = async (cache?: 'refresh' | 'off') =>
      (await mux.chat({ prompt: 'Hi', ...(cache && { cache }) })).text
    expect([await chat(), await chat('off'), await chat(), await chat('refresh'), await chat()]).toEqual([
      'one',
      'two',
      'one',
      'three',
      'three',
    ])
    const off = cachedMux([counting()], { use: 'off' })
    expect([(await off.chat('Hi')).text, (await off.chat('Hi')).text]).toEqual(['one', 'two'])
  })

  it('gives streams again with the same pieces, and shares answers between chat and stream', async () => {
    const a = scripted('a', { answers: [answer('The ', 'sea ', 'is wide.'), answer('no')] })
    const mux = cachedMux([a])
    const live = await all(mux.stream('Hi'))
    const stream = mux.stream('Hi')
    const again = await all(stream)
    const nothing = { inputTokens: 0, outputTokens: 0 }
    expect(again).toEqual(
      live.map((event) => (event.type === 'finish' ? { ...event, usage: nothing } : event)),
    )
    expect(await stream.result()).toMatchObject({ text: 'The sea is wide.', cached: {} })
    expect((await mux.chat('Hi')).text).toBe('The sea is wide.')
    expect(a.asked).toHaveLength(1)
    const b = cachedMux([counting()])
    await b.chat('Hi')
    expect((await all(b.stream('Hi'))).map(({ type }) => type)).toEqual(['start', 'text', 'finish'])
    expect((await b.stream('Hi').result()).cached).toBeDefined()
  })

  it('never keeps what was cut, failed, reached a limit or was continued elsewhere', async () => {
    const cut = [START, text('The ')]
    const whole = answer('The ', 'sea.')
    const limited: Step[] = [START, text('The'), { ...STOP, reason: 'length' } as Step]
    const stories: (readonly [Provider[], number])[] = [
      [[scripted('a', { answers: [cut, whole] }), scripted('b', { answers: [whole] })], 2],
      [[scripted('a', { answers: [limited, whole] })], 2],
    ]
    for (const [providers, calls] of stories) {
      const mux = cachedMux(providers)
      await all(mux.stream('Hi'))
      const second = await mux.chat('Hi')
      expect(second.cached).toBeUndefined()
      expect((providers[0] as ScriptedProvider).asked).toHaveLength(calls)
    }
    const failing = scripted('a', {
      answers: [[new OpenMuxError({ code: 'unavailable', message: 'down', scope: 'model' })], whole],
    })
    const mux = cachedMux([failing])
    await failureOf(mux.chat({ prompt: 'Hi', maxAttempts: 1 }))
    expect((await mux.chat({ prompt: 'Hi', maxAttempts: 1 })).cached).toBeUndefined()
  })

  it('does not keep what was answered only because there was no network', async () => {
    const providers = [scripted('far', { locality: 'remote' }), counting('near')]
    let online = false
    const mux = withCache(createOpenMux({ providers, online: () => online }), { cache: memoryCache() })
    expect((await mux.chat('Hi')).provider).toBe('near')
    online = true
    expect(await mux.chat('Hi')).toMatchObject({ provider: 'far' })
  })

  it('makes one call for equal requests under way; who leaves disturbs nobody', async () => {
    const wait = gate()
    const a = scripted('a', { answers: [[START, wait.step, text('one'), STOP]] })
    const { cache, looked } = watched()
    const mux = cachedMux([a], { cache })
    const leaving = new AbortController()
    const left = mux.chat({ prompt: 'Hi', signal: leaving.signal })
    const [second, third] = [mux.chat('Hi'), mux.chat('Hi')]
    await looked(3)
    await asked(a, 1)
    leaving.abort()
    expect((await failureOf(left)).code).toBe('aborted')
    wait.open()
    expect((await second).text).toBe('one')
    expect(await third).toMatchObject({ text: 'one', cached: {}, attempts: [] })
    expect(a.asked).toHaveLength(1)
  })

  it('stops the model when the last one has left', async () => {
    const a = scripted('a', { answers: [[START, hangForEver]] })
    const { cache, looked } = watched()
    const mux = cachedMux([a], { cache })
    const leaving = new AbortController()
    const both = [1, 2].map(() => mux.chat({ prompt: 'Hi', signal: leaving.signal }))
    const stream = mux.stream({ prompt: 'Ho', signal: leaving.signal })
    const streamed = all(stream)
    await looked(3)
    await asked(a, 2)
    leaving.abort()
    for (const one of [...both, streamed, stream.result()])
      expect((await failureOf(one as Promise<unknown>)).code).toBe('aborted')
    await vi.waitFor(() => expect(a.contexts.map(({ signal }) => signal.aborted)).toEqual([true, true]))
  })

  it('lets a second reader into a stream under way from its beginning', async () => {
    const wait = gate()
    const a = scripted('a', { answers: [[START, text('The '), wait.step, text('sea.'), STOP]] })
    const { cache, looked } = watched()
    const mux = cachedMux([a], { cache })
    const one = mux.stream('Hi')
    const first = all(one)
    await looked(1)
    const other = mux.stream('Hi')
    const second = all(other)
    await looked(2)
    wait.open()
    const types = (events: ChatStreamEvent[]): string[] => events.map(({ type }) => type)
    expect(types(await second)).toEqual(types(await first))
    expect((await one.result()).cached).toBeUndefined()
    expect(await other.result()).toMatchObject({ text: 'The sea.', cached: {} })
    expect(a.asked).toHaveLength(1)
  })

  it('frees the model when a reader leaves its loop early', async () => {
    const a = scripted('a', { answers: [[START, text('The '), hangForEver]] })
    const stream = cachedMux([a]).stream('Hi')
    for await (const event of stream) if (event.type === 'text') break
    await vi.waitFor(() => expect(a.contexts[0]?.signal.aborted).toBe(true))
    expect((await failureOf(stream.result())).code).toBe('aborted')
  })

  it('keeps vectors by their texts, space and all', async () => {
    const space: EmbeddingSpace = { model: 'm', dimensions: 2, pooling: 'mean', normalized: true }
    const a = scripted('a', {
      cards: [card('e', { tasks: ['embeddings'], space })],
      vectors: [{ vectors: [[1, 0]], space, model: 'e' }],
    })
    const mux = cachedMux([a])
    await mux.embed('x')
    expect(await mux.embed(['x'])).toMatchObject({ vectors: [[1, 0]], space, cached: {}, attempts: [] })
    await mux.embed({ input: 'x', purpose: 'query' })
    await mux.embed({ input: 'x', cache: 'off' })
    expect(a.embedded).toHaveLength(3)
  })

  it('tells its listeners, among all other events', async () => {
    const told: OpenMuxEvent['type'][] = []
    const hits: string[] = []
    const mux = cachedMux([counting()])
    mux.on((event) => told.push(event.type))
    const leave = mux.on('cache-hit', ({ request }) => hits.push(request))
    await mux.chat('Hi')
    await mux.chat('Hi')
    leave()
    await mux.chat('Hi')
    expect(told).toEqual([
      'request-started',
      'attempt-started',
      'first-token',
      'attempt-ended',
      'request-ended',
      'cache-stored',
      'cache-hit',
      'cache-hit',
    ])
    expect(hits).toHaveLength(1)
  })

  it('answers without its cache when that is broken', async () => {
    const broken: AnswerCache = {
      get: () => Promise.reject(new Error('disk')),
      set: () => Promise.reject(new Error('disk')),
      delete: () => undefined,
      clear: () => Promise.reject(new Error('disk')),
      size: () => ({ entries: 0, bytes: 0 }),
    }
    const faults: string[] = []
    const mux = cachedMux([counting()], { cache: broken, onError: ({ message }) => faults.push(message) })
    expect((await mux.chat('Hi')).text).toBe('one')
    await vi.waitFor(() => expect(faults).toHaveLength(2))
    expect((await failureOf(mux.clearCache())).code).toBe('unavailable')
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    const odd = cachedMux([counting()])
    expect((await odd.chat({ prompt: 'Hi', providerOptions: { a: circle } })).text).toBe('one')
  })

  it('takes nothing out of a cache that is not a whole answer of ours', async () => {
    for (const value of [
      1,
      null,
      { kind: 'chat' },
      { kind: 'chat', events: [], result: {} },
      { kind: 'embed' },
    ]) {
      const cache: AnswerCache = { ...memoryCache(), get: () => ({ storedAt: 1, value }) }
      expect((await cachedMux([counting()], { cache }).chat('Hi')).cached).toBeUndefined()
    }
  })

  it('forgets what is its own, and keeps nothing that was asked before', async () => {
    const wait = gate()
    const a = scripted('a', {
      answers: [answer('one'), [START, wait.step, text('two'), STOP], answer('three')],
    })
    const mux = cachedMux([a])
    await mux.chat('Hi')
    const late = mux.chat('Ho')
    await asked(a, 2)
    expect(await mux.clearCache()).toBe(1)
    wait.open()
    await late
    expect((await mux.chat('Ho')).text).toBe('three')
  })

  it('forgets also what is being written just now', async () => {
    const kept = memoryCache()
    const writing = gate()
    const slow: AnswerCache = {
      ...kept,
      set: async (key, entry) => {
        await writing.step()
        await kept.set(key, entry)
      },
    }
    const mux = cachedMux([counting()], { cache: slow })
    await mux.chat('Hi')
    const cleared = mux.clearCache()
    writing.open()
    expect(await cleared).toBe(1)
    expect((await mux.chat('Hi')).text).toBe('two')
  })

  it('finds answers of another process only with the same secret and set-up', async () => {
    const cache = memoryCache()
    const secret = 'sixteen characters, at least'
    const open = (prefer?: string[]) => {
      const options = { providers: [counting('a'), counting('b')], ...(prefer && { prefer }) }
      return withCache(createOpenMux(options), { cache, secret, setup: options })
    }
    await open().chat('Hi')
    expect((await open().chat('Hi')).cached).toBeDefined()
    expect((await open(['b']).chat('Hi')).cached).toBeUndefined()
    expect(() => withCache(createOpenMux({ providers: [] }), { cache, secret })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'setup' }),
    )
  })

  it.each([
    ['cache', { cache: 'always' }],
    ['caller', { caller: 1 }],
    ['temperatur', { temperatur: 1 }],
  ])('refuses a wrong %s by its name', async (field, wrong) => {
    const mux = cachedMux([counting()])
    const input = { prompt: 'Hi', ...wrong } as { prompt: string }
    expect(await failureOf(mux.chat(input))).toMatchObject({ code: 'bad-request', field })
    expect(await failureOf(mux.stream(input).result())).toMatchObject({ code: 'bad-request', field })
  })

  it('is otherwise the OpenMux it was made of, and ends with it', async () => {
    const a = counting()
    const mux = cachedMux([a])
    expect((await mux.explain({ prompt: 'Hi', cache: 'off', caller: 'bob' })).candidates).toHaveLength(1)
    expect((await mux.models()).models).toHaveLength(1)
    expect(await mux.providers()).toHaveLength(1)
    expect(mux.online().online).toBe(true)
    expect((await mux.forecast()).allowances).toEqual([])
    await mux.chat('Hi')
    await mux.close()
    expect(a.closed).toBe(true)
    expect((await failureOf(mux.chat('Hi'))).code).toBe('aborted')
  })
})

describe('a semantic cache', () => {
  const space: EmbeddingSpace = { model: 'm', dimensions: 2, pooling: 'mean', normalized: true }
  const embedder = (): ScriptedProvider =>
    scripted('e', {
      tasks: ['embeddings'],
      cards: [card('e', { tasks: ['embeddings'], space })],
      vectors: [{ vectors: [[1, 0]], space, model: 'e' }],
    })
  const similarMux = (a: ScriptedProvider, e: ScriptedProvider) => {
    const openmux = createOpenMux({ providers: [a, e] })
    const semantic = semanticCache({ embed: embedWith(openmux, { model: 'e/e' }), floor: 0.95 })
    return withCache(openmux, { cache: memoryCache(), semantic })
  }

  it('answers a similar question, and says how similar it was', async () => {
    const e = embedder()
    const mux = similarMux(counting(), e)
    await mux.chat('How wide is the sea?')
    await vi.waitFor(() => expect(e.embedded).toHaveLength(1))
    await settle()
    expect(await mux.chat('How broad is the sea?')).toMatchObject({ text: 'one', cached: { similarity: 1 } })
    expect((await mux.chat({ prompt: 'How broad is the sea?', temperature: 1 })).text).toBe('two')
    expect((await mux.chat({ prompt: 'How broad is the sea?', caller: 'bob' })).text).toBe('three')
    expect(await mux.clearCache()).toBeGreaterThan(1)
  })

  it('sends no question to a model that makes vectors where a floor says where it may go', async () => {
    const e = embedder()
    const mux = similarMux(counting(), e)
    await mux.chat({ prompt: 'Hi', localOnly: true })
    // Waits for everything that is being kept.
    await mux.close()
    expect(e.embedded).toEqual([])
  })

  it('costs no answer when its vectors fail', async () => {
    const broken = scripted('e', {
      tasks: ['embeddings'],
      cards: [card('e', { tasks: ['embeddings'] })],
      vectors: [new OpenMuxError({ code: 'unavailable', message: 'down' })],
    })
    const mux = similarMux(counting(), broken)
    expect([(await mux.chat('Hi')).text, (await mux.chat('Ho')).text]).toEqual(['one', 'two'])
  })
})
