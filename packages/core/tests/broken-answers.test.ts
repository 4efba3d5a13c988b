import { describe, expect, it } from 'vitest'
import { type ChatInput, createOpenMux } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'
import { answer, hangForEver, scripted, START, type Step, STOP, text } from './support/scripted-provider.js'

const tool = { name: 'weather', parameters: { type: 'object' } }

const BROKEN: readonly { what: string; steps: readonly Step[]; code: string; input?: Partial<ChatInput> }[] =
  [
    { what: 'an answer without a finish', steps: [START, text('Half')], code: 'truncated' },
    { what: 'an answer that ends before it begins', steps: [START], code: 'truncated' },
    { what: 'no event at all', steps: [], code: 'truncated' },
    { what: 'an empty answer', steps: [START, STOP], code: 'bad-response' },
    { what: 'an answer of white space', steps: [START, text(' \n'), STOP], code: 'bad-response' },
    {
      what: 'thinking without an answer',
      steps: [START, { type: 'reasoning', text: 'hm' }, { type: 'finish', reason: 'length' }],
      code: 'bad-response',
    },
    {
      what: 'a withheld answer',
      steps: [START, { type: 'finish', reason: 'content-filter' }],
      code: 'content-filter',
    },
    {
      what: 'a tool call whose arguments are not JSON',
      steps: [
        START,
        { type: 'tool-call', id: 'c1', name: 'weather', argumentsText: '{"city":' },
        { type: 'finish', reason: 'tool-calls' },
      ],
      code: 'model-fault',
      input: { tools: [tool] },
    },
    {
      what: 'a tool call without a name',
      steps: [
        START,
        { type: 'tool-call', id: 'c1', argumentsText: '{}' },
        { type: 'finish', reason: 'tool-calls' },
      ],
      code: 'model-fault',
      input: { tools: [tool] },
    },
    {
      what: 'prose where JSON was asked for',
      steps: [START, text('Sure! {'), STOP],
      code: 'model-fault',
      input: { responseFormat: { type: 'json' } },
    },
  ]

describe('a broken answer is never passed off as a whole one', () => {
  for (const { what, steps, code, input } of BROKEN) {
    it(`${what} is ${code}, alone and streamed`, async () => {
      const ask = { prompt: 'Hi', ...input }
      const alone = createOpenMux({ providers: [scripted('only', { answers: [steps] })] })
      expect((await failureOf(alone.chat(ask))).code).toBe(code)
      expect((await failureOf(alone.stream(ask).result())).code).toBe(code)
    })

    if (code === 'content-filter') continue
    it(`${what} moves on to the next candidate`, async () => {
      const fallback = scripted('second', {
        answers: [input?.responseFormat === undefined ? answer('whole') : answer('{"a":1}')],
      })
      const result = await createOpenMux({
        providers: [scripted('first', { answers: [steps] }), fallback],
      }).chat({ prompt: 'Hi', ...input })
      expect(result.provider).toBe('second')
      expect(result.attempts[0]?.code).toBe(code)
    })
  }

  it.each<[string, (place: number) => Step]>([
    ['text', () => text('endless '.repeat(131_072))],
    ['thinking', () => ({ type: 'reasoning', text: 'endless '.repeat(131_072) })],
    [
      'calls',
      (place) => ({ type: 'tool-call', id: `${place}-${'c'.repeat(2 ** 20)}`, name: 'a', argumentsText: '' }),
    ],
  ])('an endless answer of %s is stopped and moves on to the next candidate', async (_what, step) => {
    const endless = scripted('first', {
      answers: [[START, ...Array.from({ length: 40 }, (_, n) => step(n))]],
    })
    const openmux = createOpenMux({
      providers: [endless, scripted('second', { answers: [answer('whole')] })],
    })
    const result = await openmux.chat('Hi')
    expect(result.provider).toBe('second')
    expect(result.attempts[0]).toMatchObject({ code: 'too-large' })
    const alone = createOpenMux({ providers: [endless] })
    const error = await failureOf(alone.chat('Hi'))
    expect(error).toMatchObject({ code: 'too-large', fault: 'target' })
    expect(error.message).toContain('goes on')
  })

  it('keeps the partial text on the error of a stream that was cut', async () => {
    const openmux = createOpenMux({
      providers: [scripted('only', { answers: [[START, text('Once '), text('upon')]] })],
    })
    const seen: string[] = []
    const error = await failureOf(
      (async () => {
        for await (const piece of openmux.stream('Hi').textStream()) seen.push(piece)
      })(),
    )
    expect(seen.join('')).toBe('Once upon')
    expect(error).toMatchObject({ code: 'truncated', provider: 'only', partial: { text: 'Once upon' } })
    // Nobody else is there: it was asked once more.
    expect(error.attempts).toHaveLength(2)
  })

  it('joins the pieces of tool calls by id', async () => {
    const steps: Step[] = [
      START,
      { type: 'tool-call', id: 'a', name: 'weather', argumentsText: '{"city":' },
      { type: 'tool-call', id: 'b', name: 'weather', argumentsText: '{}' },
      { type: 'tool-call', id: 'a', argumentsText: '"Oslo"}' },
      { type: 'finish', reason: 'tool-calls' },
    ]
    const { toolCalls, finishReason } = await createOpenMux({
      providers: [scripted('only', { answers: [steps] })],
    }).chat({ prompt: 'Hi', tools: [tool] })
    expect(finishReason).toBe('tool-calls')
    expect(toolCalls).toEqual([
      { id: 'a', name: 'weather', arguments: '{"city":"Oslo"}' },
      { id: 'b', name: 'weather', arguments: '{}' },
    ])
  })

  it('takes nothing that comes after the finish', async () => {
    const steps: Step[] = [START, text('whole'), STOP, text(' and more')]
    expect(
      (await createOpenMux({ providers: [scripted('only', { answers: [steps] })] }).chat('Hi')).text,
    ).toBe('whole')
  })
})

describe('a stall', () => {
  it('is not what a slow reader makes of ready pieces', async () => {
    const clock = new ManualClock()
    const openmux = createOpenMux({
      clock,
      providers: [scripted('ready', { answers: [answer('a', 'b', 'c')] })],
      timeouts: { idleMs: 100 },
    })
    let read = ''
    for await (const piece of openmux.stream('Hi').textStream()) {
      read += piece
      await clock.advance(300)
    }
    expect(read).toBe('abc')
  })

  it('is seen also after a call that waited in a queue, whether or not the queue said that it was over', async () => {
    const clock = new ManualClock()
    const queued: Step = ({ onProgress }) => onProgress?.({ kind: 'queue', model: 'model-1', ahead: 1 })
    const openmux = createOpenMux({
      clock,
      providers: [scripted('only', { answers: [[queued, START, text('Half'), hangForEver]] })],
      timeouts: { idleMs: 200 },
    })
    const error = await clock.runUntil(failureOf(openmux.stream('Hi').result()))
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle' })
    expect(error.attempts?.[0]?.durationMs).toBe(200)
  })

  it('before the first token is waited for when everybody else turns out not to be ready', async () => {
    const clock = new ManualClock()
    const slow: Step = () => new Promise<void>((resolve) => clock.after(25_000, resolve))
    const asleep = scripted('asleep', { readiness: { ready: false, reason: 'not running', remedies: [] } })
    const remote = scripted('remote', { locality: 'remote', answers: [[slow, ...answer('late')]] })
    const result = await clock.runUntil(createOpenMux({ clock, providers: [remote, asleep] }).chat('Hi'))
    expect(result).toMatchObject({ provider: 'remote', text: 'late' })
  })

  it('before the first token goes elsewhere after ten seconds for a remote provider', async () => {
    const clock = new ManualClock()
    const stalled = scripted('stalled', { locality: 'remote', answers: [[START, hangForEver]] })
    const openmux = createOpenMux({ clock, providers: [stalled, scripted('second')] })
    const result = await clock.runUntil(openmux.chat('Hi'))
    expect(result.provider).toBe('second')
    expect(result.attempts[0]).toMatchObject({ code: 'timeout', durationMs: 10_000 })
    expect(clock.pending).toBe(0)
  })

  it('is waited for until the deadline when nobody else is left', async () => {
    const clock = new ManualClock()
    const openmux = createOpenMux({
      clock,
      providers: [scripted('only', { locality: 'remote', answers: [[hangForEver]] })],
    })
    const error = await clock.runUntil(
      failureOf(openmux.chat({ prompt: 'Hi', timeouts: { totalMs: 60_000 } })),
    )
    expect(error).toMatchObject({ code: 'timeout', phase: 'total' })
    expect(error.attempts?.[0]?.durationMs).toBe(60_000)
  })

  it('does not count the time a model loads', async () => {
    const clock = new ManualClock()
    const loading: Step = async ({ onProgress }) => {
      onProgress?.({ kind: 'load', model: 'model-1', done: false })
      await new Promise<void>((resolve) => clock.after(45_000, resolve))
      onProgress?.({ kind: 'load', model: 'model-1', done: true })
      await new Promise<void>((resolve) => clock.after(9_000, resolve))
    }
    const slow = scripted('slow', { answers: [[loading, ...answer('at last')]] })
    const openmux = createOpenMux({
      clock,
      providers: [slow, scripted('second')],
      timeouts: { firstTokenMs: 10_000 },
    })
    const result = await clock.runUntil(openmux.chat('Hi'))
    expect(result).toMatchObject({ provider: 'slow', text: 'at last', firstTokenMs: 54_000 })
  })

  it('in the middle of a streamed answer is a typed failure with the partial text', async () => {
    const clock = new ManualClock()
    const openmux = createOpenMux({
      clock,
      providers: [scripted('only', { answers: [[START, text('Half'), hangForEver]] })],
    })
    const error = await clock.runUntil(failureOf(openmux.stream('Hi').result()))
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle', partial: { text: 'Half' } })
    expect(clock.pending).toBe(0)
  })

  it('is not seen in an answer that goes on slowly', async () => {
    const clock = new ManualClock()
    const pause: Step = () => new Promise<void>((resolve) => clock.after(50_000, resolve))
    const steps: Step[] = [START, text('a'), pause, text('b'), pause, text('c'), pause, STOP]
    const openmux = createOpenMux({ clock, providers: [scripted('slow', { answers: [steps] })] })
    expect((await clock.runUntil(openmux.chat('Hi'))).text).toBe('abc')
  })
})
