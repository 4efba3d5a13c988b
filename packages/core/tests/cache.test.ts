import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnswerCache, isCacheKey } from '../src/cache/answer-cache.js'
import { answerStore } from '../src/cache/answer-store.js'
import { cacheKey, cacheSecret, type KeyedRequest, NOT_SHAPING } from '../src/cache/cache-key.js'
import { canonicalJson } from '../src/cache/canonical-json.js'
import { memoryCache } from '../src/cache/memory-cache.js'
import { isKeepable, recordAnswer, replayAnswer } from '../src/cache/recorded-answer.js'
import { semanticCache } from '../src/cache/semantic-cache.js'
import { SharedStreams, shareStream } from '../src/cache/shared-stream.js'
import { SingleFlight } from '../src/cache/single-flight.js'
import type { ChatEvent } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import { START, STOP, text } from './support/scripted-provider.js'

async function allOf<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of stream) all.push(one)
  return all
}

const keyOf = (name: string): string => name.padStart(64, '0')

describe('the key of a request', () => {
  const request: KeyedRequest = {
    task: 'chat',
    content: [{ role: 'user', content: 'Hi' }],
    options: { temperature: 0, tools: [{ name: 'a', parameters: { type: 'object' } }], localOnly: true },
    caller: 'alice',
  }
  const secret = cacheSecret('a secret of some length')
  const key = async (more: Partial<KeyedRequest> = {}): Promise<string> =>
    cacheKey(await secret, { ...request, ...more })

  it('is full length, and the same for the same request in whatever order', async () => {
    const { temperature, tools, localOnly } = request.options
    expect(isCacheKey(await key())).toBe(true)
    expect(await key({ options: { localOnly, tools, temperature } })).toBe(await key())
    expect(await key({ options: { ...request.options, seed: undefined } })).toBe(await key())
  })

  it('changes with everything that shapes the answer or says who asks', async () => {
    const others: Partial<KeyedRequest>[] = [
      { task: 'code' },
      { caller: 'bob' },
      { content: [{ role: 'user', content: 'Hi ' }] },
      { content: [{ role: 'system', content: 'Hi' }] },
      ...Object.entries({
        temperature: 1,
        topP: 0.5,
        maxTokens: 5,
        stop: ['x'],
        seed: 1,
        reasoning: 'low',
        responseFormat: { type: 'json' },
        toolChoice: 'none',
        providerOptions: { ollama: { contextTokens: 1 } },
        provider: 'p',
        model: 'm',
        prefer: ['p'],
        localOnly: false,
        policy: 'fast',
        floors: { zeroCost: true },
        somethingNew: 1,
      }).map(([name, value]) => ({ options: { ...request.options, [name]: value } })),
    ]
    const keys = await Promise.all([key(), ...others.map(key)])
    expect(new Set(keys)).toHaveLength(others.length + 1)
  })

  it('keeps apart a schema whose properties are written in another order', async () => {
    const schema = (properties: unknown): Partial<KeyedRequest> => ({
      options: { responseFormat: { type: 'json-schema', schema: { properties } } },
    })
    expect(await key(schema({ a: {}, b: {} }))).not.toBe(await key(schema({ b: {}, a: {} })))
  })

  it('does not change with what only says how to go about it', async () => {
    const how = Object.fromEntries([...NOT_SHAPING].map((name) => [name, { any: 'thing' }]))
    const listener = { onAnything: () => undefined }
    expect(await key({ options: { ...request.options, ...how, ...listener } })).toBe(await key())
  })

  it('is worth nothing without the secret and the namespace', async () => {
    const [other, space, drawn, again] = await Promise.all([
      cacheSecret('another secret, as long'),
      cacheSecret('a secret of some length', 'elsewhere'),
      cacheSecret(),
      cacheSecret(),
    ])
    const keys = await Promise.all([
      key(),
      ...[other, space, drawn, again].map((own) => cacheKey(own, request)),
    ])
    expect(new Set(keys)).toHaveLength(5)
    expect((await failureOf(cacheSecret('short'))).field).toBe('cache.secret')
  })

  it('never meets for two callers or two different requests', async () => {
    const requests = fc.record({
      task: fc.constant('chat' as const),
      content: fc.string(),
      options: fc.dictionary(
        fc.string().filter((name) => !NOT_SHAPING.has(name)),
        fc.jsonValue(),
      ),
      caller: fc.string(),
    })
    await fc.assert(
      fc.asyncProperty(requests, requests, async (a, b) => {
        const same = canonicalJson({ ...a }) === canonicalJson({ ...b })
        expect((await cacheKey(await secret, a)) === (await cacheKey(await secret, b))).toBe(same)
      }),
    )
  })

  it('canonical JSON says the same and reads back the same', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    expect(() => canonicalJson(loop)).toThrow(TypeError)
    expect(canonicalJson({ b: undefined, a: [undefined, new Date(0)] })).toBe(
      '{"a":[null,"1970-01-01T00:00:00.000Z"]}',
    )
  })
})

describe('a cache in memory', () => {
  it('gives back what was kept, and nobody can change it for others', async () => {
    const cache = memoryCache()
    const value = { events: [START, STOP] }
    await cache.set(keyOf('a'), { storedAt: Date.now(), value })
    value.events.pop()
    const first = (await cache.get(keyOf('a')))?.value as { events: unknown[] }
    first.events.push('mine')
    expect((await cache.get(keyOf('a')))?.value).toEqual({ events: [START, STOP] })
  })

  it('forgets what is too old, and what was used longest ago', async () => {
    const clock = new ManualClock()
    const cache = memoryCache({ maxEntries: 2, ttlMs: 100, clock })
    const put = (name: string): unknown => cache.set(keyOf(name), { storedAt: clock.now(), value: name })
    put('a')
    put('b')
    expect(await cache.get(keyOf('a'))).toBeDefined()
    put('c')
    expect(await cache.get(keyOf('b'))).toBeUndefined()
    expect(await cache.get(keyOf('a'))).toMatchObject({ value: 'a' })
    await clock.advance(100)
    expect(await cache.get(keyOf('a'))).toBeUndefined()
    expect(await cache.size()).toMatchObject({ entries: 1 })
    expect(await cache.clear()).toBe(1)
    expect(await cache.size()).toEqual({ entries: 0, bytes: 0 })
  })

  it('never holds more than its bounds, and always the newest that fits', async () => {
    const steps = fc.array(fc.tuple(fc.nat(9), fc.string({ maxLength: 60 }), fc.boolean()), { maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(
        steps,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 140, max: 900 }),
        async (all, maxEntries, maxBytes) => {
          const cache = memoryCache({ maxEntries, maxBytes })
          for (const [number, value, remove] of all) {
            const key = keyOf(String(number))
            if (remove) await cache.delete(key)
            else await cache.set(key, { storedAt: Date.now(), value })
            const { entries, bytes } = await cache.size()
            expect(entries).toBeLessThanOrEqual(maxEntries)
            expect(bytes).toBeLessThanOrEqual(maxBytes)
            const fits = 2 * (64 + JSON.stringify(value).length) <= maxBytes
            expect((await cache.get(key))?.value).toEqual(remove || !fits ? undefined : value)
          }
          await cache.clear()
          expect(await cache.size()).toEqual({ entries: 0, bytes: 0 })
        },
      ),
    )
  })
})

describe('a store over a cache', () => {
  it('goes on without a cache that fails', async () => {
    const told: string[] = []
    const broken: AnswerCache = {
      get: () => Promise.reject(new Error('disk')),
      set: () => {
        throw new Error('disk')
      },
      delete: () => undefined,
      clear: () => 0,
      size: () => ({ entries: 0, bytes: 0 }),
    }
    const store = answerStore({
      cache: broken,
      onError: ({ message }) => {
        told.push(message)
        throw new Error('a listener’s fault')
      },
    })
    const key = await store.keyOf({ task: 'chat', content: '', options: {}, caller: '' })
    expect(await store.find(key)).toBeUndefined()
    await store.keep(key, 1)
    expect(told).toHaveLength(2)
  })

  it('finds what it kept, and nobody else’s', async () => {
    const clock = new ManualClock()
    const store = answerStore({ cache: memoryCache({ clock }), clock })
    const request = { task: 'chat', content: 'Hi', options: {} } as const
    const mine = await store.keyOf({ ...request, caller: 'alice' })
    await store.keep(mine, 'for alice')
    expect(await store.find(mine)).toEqual({ storedAt: clock.now(), value: 'for alice' })
    expect(await store.find(await store.keyOf({ ...request, caller: 'bob' }))).toBeUndefined()
  })
})

describe('recording an answer', () => {
  const finish = (reason: string): ChatEvent => ({ ...STOP, reason }) as ChatEvent
  async function* play(events: readonly ChatEvent[], error?: Error): AsyncGenerator<ChatEvent> {
    yield* events
    if (error !== undefined) throw error
  }
  const record = async (events: readonly ChatEvent[], error?: Error, upTo = Infinity): Promise<unknown[]> => {
    const kept: unknown[] = []
    const read: ChatEvent[] = []
    try {
      for await (const event of recordAnswer(play(events, error), (all) => kept.push([...all]))) {
        read.push(event)
        if (read.length >= upTo) break
      }
    } catch (thrown) {
      expect(thrown).toBe(error)
    }
    expect(read).toEqual(events.slice(0, upTo))
    return kept
  }

  it('keeps a whole one, which then plays again in the same order', async () => {
    const events = [START, text('Hel'), text('lo'), STOP]
    const [kept] = await record(events)
    expect(await allOf(replayAnswer(JSON.parse(JSON.stringify(kept)) as ChatEvent[]))).toEqual(events)
  })

  it('keeps it also when the reader stops at the end', async () => {
    expect(await record([START, text('a'), STOP], undefined, 3)).toHaveLength(1)
  })

  it('keeps none that was cut, failed, limited, filtered, left or put together', async () => {
    expect(await record([START, text('a')])).toEqual([])
    expect(await record([START, text('a')], new Error('broken'))).toEqual([])
    expect(await record([START, STOP])).toEqual([])
    expect(await record([START, text('a'), STOP], undefined, 2)).toEqual([])
    for (const reason of ['length', 'content-filter', 'other'])
      expect(await record([START, text('a'), finish(reason)])).toEqual([])
    expect(isKeepable([START, text('a'), { type: 'resumed' }, text('b'), STOP])).toBe(false)
    expect(isKeepable([text('a'), STOP])).toBe(false)
    expect(isKeepable([])).toBe(false)
    expect(isKeepable([START, { type: 'tool-call' }, finish('tool-calls')])).toBe(true)
  })
})

describe('single flight', () => {
  it('does the work once for all who ask at the same time, and again afterwards', async () => {
    const flights = new SingleFlight<number>()
    let calls = 0
    const work = async (): Promise<number> => {
      await settle()
      calls += 1
      return calls
    }
    const asked = [flights.run('k', work), flights.run('k', work), flights.run('other', work)]
    expect(asked.map(({ shared }) => shared)).toEqual([false, true, false])
    const [first, second] = await Promise.all(asked.map(({ outcome }) => outcome))
    expect(first).toBe(second)
    expect(flights.size).toBe(0)
    await flights.run('k', work).outcome
    expect(calls).toBe(3)
  })

  it('lets one leave without disturbing the others, and gives up when the last has left', async () => {
    const flights = new SingleFlight<string>()
    const [one, two] = [new AbortController(), new AbortController()]
    let inner: AbortSignal | undefined
    const work = (signal: AbortSignal): Promise<string> => {
      inner = signal
      return new Promise(() => undefined)
    }
    const first = failureOf(flights.run('k', work, one.signal).outcome)
    const second = failureOf(flights.run('k', work, two.signal).outcome)
    one.abort()
    expect((await first).code).toBe('aborted')
    expect(inner?.aborted).toBe(false)
    two.abort()
    expect((await second).code).toBe('aborted')
    expect(inner?.aborted).toBe(true)
    expect(flights.size).toBe(0)
    const late = flights.run('k', () => Promise.resolve('new'), new AbortController().signal)
    expect(late.shared).toBe(false)
    expect(await late.outcome).toBe('new')
  })

  it('gives a failure to all, and remembers none', async () => {
    const flights = new SingleFlight<string>()
    const error = new Error('no')
    const work = (): Promise<string> => {
      throw error
    }
    const asked = [flights.run('k', work), flights.run('k', work)]
    for (const { outcome } of asked) await expect(outcome).rejects.toBe(error)
    expect(await flights.run('k', () => Promise.resolve('yes')).outcome).toBe('yes')
  })

  it('is refused to who has already left', async () => {
    const flights = new SingleFlight<string>()
    const { outcome } = flights.run('k', () => Promise.resolve('x'), AbortSignal.abort())
    expect((await failureOf(outcome)).code).toBe('aborted')
    expect(flights.size).toBe(0)
  })
})

describe('a stream for several readers', () => {
  it('gives each all events from the beginning, whenever they come and however fast they read', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (events, joinAt, breaks) => {
          const error = new Error('cut')
          let pulled = 0
          async function* source(): AsyncGenerator<number> {
            for (const event of events) {
              pulled += 1
              yield event
            }
            if (breaks) throw error
          }
          const shared = shareStream(source())
          const lead = shared.read()
          const readAll = async (stream: AsyncIterable<number>): Promise<unknown[]> => {
            const read: unknown[] = []
            try {
              for await (const event of stream) read.push(event)
            } catch (thrown) {
              read.push(thrown)
            }
            return read
          }
          const readers: Promise<unknown[]>[] = []
          for (let at = 0; at <= events.length; at += 1) {
            for (const join of joinAt) if (join === at) readers.push(readAll(shared.read()))
            if (at < events.length) expect((await lead.next()).value).toBe(events[at])
          }
          readers.push(readAll(lead))
          const expected = breaks ? [...events, error] : events
          const all = await Promise.all(readers)
          for (const read of all.slice(0, -1)) expect(read).toEqual(expected)
          expect(all.at(-1)).toEqual(breaks ? [error] : [])
          expect(pulled).toBe(events.length)
          expect(shared.readers).toBe(0)
        },
      ),
    )
  })

  it('asks the source for no more than the fastest reader wants', async () => {
    let pulled = 0
    async function* source(): AsyncGenerator<number> {
      for (;;) yield (pulled += 1)
    }
    const shared = shareStream(source())
    const [fast, slow] = [shared.read(), shared.read()]
    await fast.next()
    await fast.next()
    await slow.next()
    expect(pulled).toBe(2)
    await fast.return?.()
    await slow.return?.()
  })

  it('ends the source when the last reader leaves, at once, even while one waits', async () => {
    const streams = new SharedStreams<number>()
    let inner: AbortSignal | undefined
    let returned = 0
    const open = (signal: AbortSignal): AsyncIterable<number> => {
      inner = signal
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => new Promise(() => undefined),
          return: () => {
            returned += 1
            return new Promise(() => undefined)
          },
        }),
      }
    }
    const one = streams.read('k', open)
    const two = streams.read('k', open)
    expect([one.shared, two.shared, streams.size]).toEqual([false, true, 1])
    const waiting = one.events.next()
    await one.events.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(inner?.aborted).toBe(false)
    await two.events.return?.()
    expect(inner?.aborted).toBe(true)
    expect(returned).toBe(1)
    expect(streams.size).toBe(0)
  })

  it('sends nobody to a stream that has ended', async () => {
    const streams = new SharedStreams<number>()
    async function* open(): AsyncGenerator<number> {
      yield 1
    }
    expect(await allOf(streams.read('k', open).events)).toEqual([1])
    expect(streams.size).toBe(0)
    expect(streams.read('k', open).shared).toBe(false)
  })
})

describe('a semantic cache', () => {
  const space = { model: 'e', dimensions: 2, pooling: 'mean', normalized: true } as const
  const vectors: Record<string, readonly number[]> = {
    'how old is the sea': [1, 0],
    'what is the age of the sea': [0.99, 0.14],
    'how deep is the sea': [0.8, 0.6],
    'how old is the sea not': [1, 0],
    'add 2 and 3': [1, 0],
    'add 2 and 4': [1, 0],
  }
  let revision = '1'
  let embeddings = 0
  const make = (floor = 0.95) =>
    semanticCache({
      floor,
      embed: async (question) => {
        embeddings += 1
        return { vector: vectors[question] ?? [0, 1], space: { ...space, revision } }
      },
    })

  it('answers what is near enough, with how near it was, and nothing else', async () => {
    const cache = make()
    await cache.keep('scope', 'how old is the sea', 'very')
    expect(await cache.find('scope', 'what is the age of the sea')).toMatchObject({ value: 'very' })
    expect((await cache.find('scope', 'what is the age of the sea'))?.similarity).toBeGreaterThan(0.95)
    expect(await cache.find('scope', 'how deep is the sea')).toBeUndefined()
  })

  it('never crosses callers, options or spaces', async () => {
    const cache = make()
    await cache.keep('scope', 'how old is the sea', 'very')
    embeddings = 0
    expect(await cache.find('other scope', 'how old is the sea')).toBeUndefined()
    expect(embeddings).toBe(0)
    revision = '2'
    expect(await cache.find('scope', 'how old is the sea')).toBeUndefined()
    revision = '1'
  })

  it('does not take other numbers or a negation for the same, however near the vectors are', async () => {
    const cache = make()
    await cache.keep('scope', 'add 2 and 3', '5')
    await cache.keep('scope', 'how old is the sea', 'very')
    expect(await cache.find('scope', 'add 2 and 4')).toBeUndefined()
    expect(await cache.find('scope', 'how old is the sea not')).toBeUndefined()
    expect(cache.clear()).toBe(2)
  })

  it('wants a floor', () => {
    for (const floor of [0, 1.1, Number.NaN])
      expect(() => make(floor)).toThrow(
        expect.objectContaining({ code: 'bad-config', field: 'floor' }) as Error,
      )
  })
})
