import { describe, expect, it } from 'vitest'
import {
  type ChatEvent,
  createOpenMux,
  OpenMuxError,
  type OpenMuxEvent,
  type Provider,
} from '../src/index.js'
import type { LedgerKeeping } from '../src/ledger/ledger-keeper.js'
import { failureOf } from './support/failure.js'
import { ManualClock, settle } from './support/manual-clock.js'
import {
  ALL_CAPABILITIES,
  answer,
  hangForEver,
  scripted,
  START,
  STOP,
  text,
} from './support/scripted-provider.js'

const after =
  (ms: number) =>
  ({ clock }: { clock: { after(ms: number, run: () => void): unknown } }): Promise<void> =>
    new Promise((resolve) => {
      clock.after(ms, resolve)
    })

const storeThat = (opened: Promise<void>): LedgerKeeping => {
  return () => ({
    opened,
    changed: () => undefined,
    flush: async () => undefined,
    close: async () => undefined,
  })
}

describe('a rival that is found too late', () => {
  it('is not asked any more, and nothing is told after the end of the request', async () => {
    const clock = new ManualClock()
    const usual = [START, after(20), text('Hello'), STOP]
    const late = [START, after(1_000), text('Hello'), STOP]
    const favourite = scripted('favourite', { answers: [...Array.from({ length: 20 }, () => usual), late] })
    let wakes = Promise.withResolvers<void>()
    const rival = scripted('rival', {
      readiness: async () => {
        await wakes.promise
        return { ready: true }
      },
    })
    const mux = createOpenMux({ providers: [favourite, rival], clock })
    const told: OpenMuxEvent[] = []
    for (let index = 0; index < 20; index += 1) await clock.runUntil(mux.chat({ prompt: 'Hi', task: 'chat' }))
    await clock.advance(2_000)
    mux.on((event) => told.push(event))
    const asked = mux.chat({ prompt: 'Hi', task: 'chat' })
    await clock.advance(1_500)
    expect((await asked).provider).toBe('favourite')
    wakes.resolve()
    wakes = Promise.withResolvers()
    await clock.advance(10)
    expect(told.at(-1)?.type).toBe('request-ended')
    expect(rival.asked).toHaveLength(0)
  })
})

describe('a favourite that fails while a rival is looked for', () => {
  it('is followed by that one', async () => {
    const clock = new ManualClock()
    const usual = [START, after(20), text('Hello'), STOP]
    const fails = [START, after(1_000), new OpenMuxError({ code: 'model-not-found', message: 'gone' })]
    const favourite = scripted('favourite', { answers: [...Array.from({ length: 20 }, () => usual), fails] })
    const awake = Promise.withResolvers<void>()
    const readiness = () => awake.promise.then(() => ({ ready: true as const }))
    const mux = createOpenMux({ providers: [favourite, scripted('rival', { readiness })], clock })
    for (let index = 0; index < 20; index += 1) await clock.runUntil(mux.chat({ prompt: 'Hi', task: 'chat' }))
    await clock.advance(2_000)
    const asked = mux.chat({ prompt: 'Hi', task: 'chat' })
    await clock.advance(1_500)
    awake.resolve()
    expect((await clock.runUntil(asked)).provider).toBe('rival')
  })
})

describe('a store that does not answer', () => {
  it('holds up no request for good', async () => {
    const clock = new ManualClock()
    const ledger = storeThat(new Promise(() => undefined))
    const mux = createOpenMux({ providers: [scripted('one')], ledger, clock })
    expect((await clock.runUntil(mux.chat({ prompt: 'Hi', task: 'chat' }))).text).toBe('Hello')
    expect((await mux.chat({ prompt: 'Hi', task: 'chat' })).text).toBe('Hello')
    expect((await mux.explain('Hi')).candidates).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })

  it('keeps nobody from leaving at once', async () => {
    const mux = createOpenMux({
      providers: [scripted('one')],
      ledger: storeThat(new Promise(() => undefined)),
      clock: new ManualClock(),
    })
    const controller = new AbortController()
    const asked = [
      mux.chat({ prompt: 'Hi', signal: controller.signal }),
      mux.stream({ prompt: 'Hi', signal: controller.signal }).result(),
      mux.embed({ input: 'Hi', signal: controller.signal }),
      mux.forecast({ signal: controller.signal }),
      mux.explain({ prompt: 'Hi', signal: controller.signal }),
    ].map((work) => failureOf(work))
    await settle()
    controller.abort()
    for (const error of await Promise.all(asked)) expect(error.code).toBe('aborted')
  })
})

describe('a classifier that takes its time', () => {
  it('keeps nobody from leaving at once', async () => {
    const mux = createOpenMux({
      providers: [scripted('one')],
      classifier: () => new Promise(() => undefined),
      classifierDeadlineMs: 60_000,
      clock: new ManualClock(),
    })
    const controller = new AbortController()
    const asked = failureOf(mux.chat({ prompt: 'Hi', signal: controller.signal }))
    await settle()
    controller.abort()
    await settle()
    expect(await Promise.race([asked.then(({ code }) => code), settle()])).toBe('aborted')
  })
})

describe('an answer that broke off', () => {
  it('does not put the blame on whoever answers in other words', async () => {
    const cut = [START, text('The sea is ')]
    const first = scripted('first', { answers: [cut] })
    const second = scripted('second', { answers: [answer('Quite something else.')] })
    const mux = createOpenMux({ providers: [first, second], random: () => 0 })
    for (let index = 0; index < 2; index += 1) {
      const error = await failureOf(mux.stream({ prompt: 'Hi', prefer: ['first'] }).result())
      expect(error.partial?.other?.text).toBe('Quite something else.')
    }
    const { breakers } = await mux.forecast()
    expect(breakers.filter(({ origin }) => origin === 'second')).toEqual([])
  })

  it('in the middle of a character is never handed over by its half', async () => {
    const halves = ['Hi \ud83d', '\ude00 there']
    const first = scripted('first', { answers: [[START, text('Hi \ud83d')]] })
    const second = scripted('second', {
      supports: { ...ALL_CAPABILITIES, prefill: true },
      answers: [answer(...halves)],
    })
    const mux = createOpenMux({ providers: [first, second] })
    const { text: whole } = await mux.stream('Hi').result()
    expect(whole).toBe(halves.join(''))
    expect(second.asked.every(({ messages }) => messages.at(-1)?.role === 'user')).toBe(true)
  })

  it('and whose other text is being read when the caller leaves ends as left', async () => {
    const first = scripted('first', { answers: [[START, text('The sea is ')]] })
    const second = scripted('second', { answers: [[START, text('Quite'), hangForEver]] })
    const mux = createOpenMux({ providers: [first, second], clock: new ManualClock() })
    const told: OpenMuxEvent[] = []
    mux.on('request-ended', (event) => told.push(event))
    const controller = new AbortController()
    const asked = failureOf(mux.stream({ prompt: 'Hi', signal: controller.signal }).result())
    await settle()
    controller.abort()
    expect((await asked).code).toBe('aborted')
    await settle()
    expect(told).toMatchObject([{ outcome: 'aborted' }])
    expect((await mux.forecast()).breakers.filter(({ origin }) => origin === 'second')).toEqual([])
  })
})

describe('what a provider has to tell its users', () => {
  it('is not lost with an answer that nobody got', async () => {
    const cut = [START, text('Hel'), new OpenMuxError({ code: 'model-not-found', message: 'gone' })]
    const old = scripted('old', {
      lifecycle: { stage: 'deprecated', since: '2026-11-01', notice: 'It is deprecated.' },
      answers: [cut, answer('Hello')],
    })
    const mux = createOpenMux({ providers: [old, scripted('other')], clock: new ManualClock() })
    const first = await mux.chat({ prompt: 'Hi', task: 'chat' })
    expect(first).toMatchObject({ provider: 'other', warnings: [] })
    const second = await mux.chat({ prompt: 'Hi', task: 'chat', provider: 'old' })
    expect(second.warnings).toMatchObject([{ message: expect.stringContaining('deprecated') }])
    const third = await mux.chat({ prompt: 'Hi', task: 'chat', provider: 'old' })
    expect(third.warnings).toEqual([])
  })
})

describe('many at once', () => {
  it('ten thousand requests wait their turn at two slots, in order, and all are answered', async () => {
    const order: number[] = []
    const provider: Provider = {
      ...scripted('one'),
      async *chat({ messages }): AsyncGenerator<ChatEvent, void> {
        order.push(Number(messages[0]?.content))
        yield START
        yield text('Hello')
        yield STOP
      },
    }
    const mux = createOpenMux({ providers: [provider] })
    const startedAt = performance.now()
    const all = await Promise.all(
      Array.from({ length: 10_000 }, (_, index) =>
        mux.chat({ prompt: String(index), task: 'chat', onProgress: () => undefined }),
      ),
    )
    expect(all).toHaveLength(10_000)
    expect(order).toEqual(Array.from({ length: 10_000 }, (_, index) => index))
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  }, 60_000)
})
