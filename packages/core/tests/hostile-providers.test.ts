import { describe, expect, it } from 'vitest'
import {
  type ChatEvent,
  type ChatStreamEvent,
  createOpenMux,
  type EmbeddingSpace,
  type OpenMuxEvent,
  OpenMuxError,
  type Provider,
} from '../src/index.js'
import { keepIn } from '../src/store/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import { answer, card, hangForEver, scripted, START, STOP, text } from './support/scripted-provider.js'

// That no rejection stays unhandled need not be looked for here: the runner fails by any.

type Chat = NonNullable<Provider['chat']>

const chatOf = (chat: Chat): Provider => ({ ...scripted('odd'), chat })

const SPACE: EmbeddingSpace = { model: 'e', dimensions: 1, pooling: 'mean', normalized: true }

const embedOf = (maxBatch: number | undefined, embed: Provider['embed']): Provider => ({
  ...scripted('e', {
    tasks: ['embeddings'],
    cards: [card('e', { tasks: ['embeddings'], space: SPACE, ...(maxBatch !== undefined && { maxBatch }) })],
  }),
  ...(embed !== undefined && { embed }),
})

/** An iterator made by hand, as code that is not a generator makes them. */
const byHand = (iterator: Partial<AsyncIterator<ChatEvent>>): Chat =>
  (() => ({ [Symbol.asyncIterator]: () => iterator })) as unknown as Chat

const events = (list: readonly ChatEvent[]): (() => Promise<IteratorResult<ChatEvent>>) => {
  const left = [...list]
  return async () => {
    const value = left.shift()
    return value === undefined ? { done: true, value: undefined } : { done: false, value }
  }
}

describe('a provider that breaks its contract', () => {
  it.each<[string, Chat]>([
    [
      'throws in chat() itself',
      () => {
        throw new TypeError('not today')
      },
    ],
    ['gives nothing to iterate', () => undefined as never],
    [
      'throws in next()',
      byHand({
        next: () => {
          throw new Error('next')
        },
      }),
    ],
    ['gives no promise in next()', byHand({ next: () => ({ done: true }) as never })],
    ['yields nothing at all', byHand({ next: async () => ({ done: false, value: undefined as never }) })],
    [
      'throws a text',
      async function* () {
        yield START
        // oxlint-disable-next-line typescript/only-throw-error -- providers do
        throw 'a text'
      },
    ],
    [
      'throws something without a name',
      async function* () {
        yield START
        throw Object.create(null)
      },
    ],
    [
      'throws and cannot be let go of',
      byHand({
        next: async () => {
          throw new Error('next')
        },
        return: () => {
          throw new Error('return')
        },
      }),
    ],
    [
      'says it was aborted though nobody left',
      async function* () {
        yield START
        throw new OpenMuxError({ code: 'aborted', message: 'stopped' })
      },
    ],
  ])('that %s is failed over from', async (_how, chat) => {
    const told: OpenMuxEvent[] = []
    const mux = createOpenMux({
      providers: [chatOf(chat), scripted('second', { answers: [answer('Hello')] })],
      random: () => 0,
    })
    mux.on((event) => told.push(event))
    const { provider, attempts } = await mux.chat('Hi')
    expect(provider).toBe('second')
    expect(attempts.at(0)).toMatchObject({ provider: 'odd', outcome: 'failed' })
    const started = told.filter(({ type }) => type === 'attempt-started')
    const ended = told.filter(({ type }) => type === 'attempt-ended')
    expect(started).toHaveLength(attempts.length)
    expect(ended).toHaveLength(attempts.length)
    // Its slot is free again, its claim settled: two at a time are served by a local provider.
    for (let again = 0; again < 4; again += 1) expect((await mux.chat('Hi')).provider).toBe('second')
  })

  it.each<[string, Partial<AsyncIterator<ChatEvent>>]>([
    [
      'cannot be let go of after its end',
      {
        return: () => {
          throw new Error('return')
        },
      },
    ],
    ['gives no promise when it is let go of', { return: () => undefined as never }],
    ['fails when it is let go of', { return: () => Promise.reject(new Error('return')) }],
  ])('that %s has answered all the same', async (_how, more) => {
    const next = events([START, text('Hello'), STOP, text('more')])
    const mux = createOpenMux({ providers: [chatOf(byHand({ next, ...more }))] })
    expect((await mux.chat('Hi')).text).toBe('Hello')
  })

  it('that throws once its answer is whole has answered all the same', async () => {
    let calls = 0
    const next = (): Promise<IteratorResult<ChatEvent>> => {
      calls += 1
      if (calls === 1) return Promise.resolve({ done: false, value: START })
      if (calls === 2) return Promise.resolve({ done: false, value: text('Hello') })
      if (calls === 3) return Promise.resolve({ done: false, value: STOP })
      throw new Error('I am done')
    }
    const mux = createOpenMux({ providers: [chatOf(byHand({ next }))] })
    expect((await mux.chat('Hi')).text).toBe('Hello')
  })

  it('whose list of models never comes is left behind', async () => {
    const clock = new ManualClock()
    const slow = scripted('slow', { hosts: ['slow.example:443'], locality: 'remote' })
    slow.models = () => new Promise(() => undefined)
    const mux = createOpenMux({ providers: [slow, scripted('second')], clock })
    const { provider, durationMs } = await clock.runUntil(mux.chat('Hi'))
    expect(provider).toBe('second')
    expect(durationMs).toBeLessThan(15_000)
    expect(clock.pending).toBe(0)
  })

  it('whose recommendation never comes is left behind', async () => {
    const clock = new ManualClock()
    const slow = scripted('slow', { recommend: () => new Promise(() => undefined) })
    const mux = createOpenMux({ providers: [slow, scripted('second')], clock })
    const { provider, durationMs } = await clock.runUntil(mux.chat('Hi'))
    expect(provider).toBe('second')
    expect(durationMs).toBeLessThan(15_000)
  })

  it('that throws in close() keeps the others from nothing', async () => {
    const bad = scripted('bad')
    bad.close = () => {
      throw new Error('close')
    }
    const good = scripted('good')
    const mux = createOpenMux({ providers: [bad, good] })
    await expect(mux.close()).rejects.toThrow('close')
    expect(good.closed).toBe(true)
  })

  it('that never closes keeps nothing from being saved', async () => {
    const clock = new ManualClock()
    const stuck = scripted('stuck')
    stuck.close = () => new Promise(() => undefined)
    const saved: unknown[] = []
    const store = {
      load: async () => undefined,
      save: async (merge: (stored: unknown) => unknown) => void saved.push(merge(undefined)),
    }
    const mux = createOpenMux({ providers: [stuck], clock, ledger: keepIn(store) })
    await mux.chat('Hi')
    void mux.close()
    await clock.advance(5_000)
    expect(saved).toHaveLength(1)
  })

  it.each([0, -3, Number.NaN])(
    'that says %s texts fit in one call gets one at a time or more',
    async (maxBatch) => {
      let calls = 0
      const provider = embedOf(maxBatch, async ({ inputs }) => {
        if ((calls += 1) > 50) throw new OpenMuxError({ code: 'bad-request', message: 'called without end' })
        return { model: 'e', space: SPACE, vectors: inputs.map((input) => [input.length]) }
      })
      const mux = createOpenMux({ providers: [provider] })
      const { vectors } = await mux.embed(['a', 'bb', 'ccc'])
      expect(vectors).toEqual([[1], [2], [3]])
    },
  )
})

describe('numbers that are none', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, -5])('usage of %s tokens shuts no door', async (tokens) => {
    const clock = new ManualClock()
    const usage = { inputTokens: tokens, outputTokens: tokens }
    const provider = scripted('odd', {
      answers: [[START, text('Hello'), { ...STOP, usage } as ChatEvent]],
      limits: () => [
        {
          id: 'tokens',
          scope: 'account',
          unit: 'tokens',
          amount: 1_000,
          window: { kind: 'rolling', ms: 60_000 },
          countsFailures: true,
          source: 'made up',
        },
      ],
    })
    const mux = createOpenMux({ providers: [provider], clock })
    await mux.chat('Hi')
    await mux.chat('Hi')
    const [allowance] = (await mux.forecast()).allowances
    expect(allowance?.remaining).toBeLessThanOrEqual(1_000)
    expect(allowance?.remaining).toBeGreaterThan(900)
  })

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    'a limit until %s does not last for ever',
    async (until) => {
      const clock = new ManualClock()
      const limit = new OpenMuxError({ code: 'rate-limit', message: 'slow down', until })
      const provider = scripted('odd', { answers: [[limit], answer('Hello')] })
      const mux = createOpenMux({ providers: [provider], clock, random: () => 0.5 })
      await clock.runUntil(mux.chat('Hi')).catch(() => undefined)
      await clock.advance(3_600_000)
      expect((await clock.runUntil(mux.chat('Hi'))).text).toBe('Hello')
    },
  )

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY])(
    'on a card (%s) never upset the order',
    async (number) => {
      const odd = scripted('odd', {
        locality: 'remote',
        cards: [
          card('model-1', {
            state: 'hosted',
            free: false,
            contextTokens: number,
            parameters: number,
            price: { inputPerMillion: number, outputPerMillion: number },
          }),
        ],
      })
      const others = ['a', 'b', 'c'].map((id) => scripted(id))
      const mux = createOpenMux({ providers: [odd, ...others] })
      const { candidates } = await mux.explain({ prompt: 'Hi', policy: 'balanced' })
      const scores = candidates.flatMap(({ score }) => score ?? [])
      expect(scores.every(Number.isFinite)).toBe(true)
      expect(scores).toEqual(scores.toSorted((one, other) => other - one))
      const about = candidates.find(({ provider }) => provider === 'odd')
      expect(about?.parts?.find(({ name }) => name === 'price')?.reason ?? 'price not known').toBe(
        'price not known',
      )
    },
  )

  it('no number of attempts is refused, and not taken for as many as there are', async () => {
    const failing = (id: string) =>
      scripted(id, { answers: [[new OpenMuxError({ code: 'unavailable', message: 'no' })]] })
    const providers = Array.from({ length: 12 }, (_, index) => failing(`p${index}`))
    const make = () => createOpenMux({ providers, maxAttempts: Number.NaN })
    expect(make).toThrow(/maxAttempts/)
  })
})

describe('listeners that throw', () => {
  const boom = (): never => {
    throw new Error('listener')
  }
  const asyncBoom = async (): Promise<void> => {
    throw new Error('listener')
  }
  it.each([
    ['at once', boom],
    ['later', asyncBoom],
  ])('%s cost no answer and no slot', async (_when, listener) => {
    const clock = new ManualClock()
    const go = Promise.withResolvers<void>()
    const provider = scripted('local', {
      answers: [[START, () => go.promise, text('Hello'), STOP], answer('Hello')],
    })
    const mux = createOpenMux({ providers: [provider], clock, concurrency: { local: 1 } })
    mux.on(listener)
    const about = { prompt: 'Hi', onProgress: listener, onFailedAttempt: listener } as const
    const all = [mux.chat(about), mux.chat(about), mux.chat(about), mux.chat(about)]
    const settled = Promise.allSettled(all)
    await settle()
    go.resolve()
    expect((await settled).map(({ status }) => status)).toEqual(Array(4).fill('fulfilled'))
    expect((await mux.chat(about)).text).toBe('Hello')
    expect(clock.pending).toBe(0)
  })

  it('of a store that cannot be read or written cost no answer', async () => {
    const clock = new ManualClock()
    const broken = async (): Promise<never> => {
      throw new Error('no disk')
    }
    const ledger = keepIn({ load: broken, save: broken }, { onProblem: boom })
    const mux = createOpenMux({ providers: [scripted('one')], clock, ledger })
    expect((await mux.chat('Hi')).text).toBe('Hello')
    await clock.advance(5_000)
    await mux.close()
  })

  it('of failed attempts cost no answer', async () => {
    const first = scripted('first', {
      answers: [[new OpenMuxError({ code: 'model-not-found', message: 'gone' })]],
    })
    const mux = createOpenMux({ providers: [first, scripted('second')] })
    const onFailedAttempt = (): unknown => asyncBoom()
    expect((await mux.chat({ prompt: 'Hi', onFailedAttempt })).provider).toBe('second')
  })

  it('of progress cost no vectors', async () => {
    const provider = embedOf(undefined, async (_request, context) => {
      context.onProgress?.({ kind: 'queue', model: 'e', ahead: 1 })
      return { model: 'e', space: SPACE, vectors: [[1]] }
    })
    const mux = createOpenMux({ providers: [provider] })
    expect((await mux.embed({ input: 'a', onProgress: boom })).vectors).toEqual([[1]])
  })
})

describe('a clock that is set back', () => {
  it('keeps nobody from noticing that an answer stalls', async () => {
    const clock = new ManualClock()
    let back = 0
    const setBack = { now: () => clock.now() - back, after: clock.after.bind(clock) }
    const first = scripted('first', {
      locality: 'remote',
      hosts: ['a.example:443'],
      answers: [[START, text('Hel'), hangForEver]],
    })
    const mux = createOpenMux({ providers: [first, scripted('second')], clock: setBack })
    const asked = mux.chat('Hi')
    await settle()
    back = 3_600_000
    await clock.advance(60_000)
    expect(await Promise.race([asked.then(({ provider }) => provider), settle()])).toBe('second')
  })

  it('keeps nobody who was not ready out for longer than usual', async () => {
    const clock = new ManualClock()
    let back = 0
    let ready = false
    const setBack = { now: () => clock.now() - back, after: clock.after.bind(clock) }
    const first = scripted('first', {
      readiness: async () => (ready ? { ready } : { ready, reason: 'starting', remedies: [] }),
    })
    const mux = createOpenMux({ providers: [first], clock: setBack })
    await failureOf(mux.chat('Hi'))
    ready = true
    back = 3_600_000
    await clock.advance(60_000)
    expect((await mux.chat('Hi')).text).toBe('Hello')
  })

  it('keeps no broken connection closed for longer than usual', async () => {
    const clock = new ManualClock()
    let back = 0
    const setBack = { now: () => clock.now() - back, after: clock.after.bind(clock) }
    const down = [new OpenMuxError({ code: 'unavailable', message: 'down', next: 'elsewhere' })]
    const first = scripted('first', { answers: [down, down, down, answer('Hello')] })
    const mux = createOpenMux({ providers: [first, scripted('second')], clock: setBack, random: () => 0 })
    for (let index = 0; index < 3; index += 1) await clock.runUntil(mux.chat('Hi'))
    back = 3_600_000
    await clock.advance(60_000)
    expect((await clock.runUntil(mux.chat('Hi'))).provider).toBe('first')
  })
})

describe('a stream that is read to its last event and no further', () => {
  it('was answered, and its result is there', async () => {
    const told: OpenMuxEvent[] = []
    const mux = createOpenMux({ providers: [scripted('one')] })
    mux.on('request-ended', (event) => told.push(event))
    const stream = mux.stream('Hi')
    const seen: ChatStreamEvent[] = []
    for await (const event of stream) {
      seen.push(event)
      if (event.type === 'finish') break
    }
    expect((await stream.result()).text).toBe('Hello')
    expect(told).toMatchObject([{ outcome: 'answered' }])
  })
})
