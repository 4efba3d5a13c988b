import { describe, expect, it } from 'vitest'
import { type ChatStreamEvent, createOpenMux, OpenMuxError, type Provider } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { settle } from './support/manual-clock.js'
import {
  ALL_CAPABILITIES,
  answer,
  scripted,
  type ScriptedProvider,
  START,
  type Step,
  STOP,
  text,
} from './support/scripted-provider.js'

const WHOLE = ['The ', 'sea ', 'is ', 'wide ', 'and ', 'old.']
const whole = (): Step[] => answer(...WHOLE)
const cutAfter = (count: number): Step[] => whole().slice(0, count + 1)
const failing = (code: 'timeout' | 'network' | 'bad-response' | 'unavailable'): Step =>
  new OpenMuxError({ code, message: code, scope: 'model' })

async function read(stream: AsyncIterable<ChatStreamEvent>): Promise<{
  events: ChatStreamEvent[]
  text: string
  error: OpenMuxError | undefined
}> {
  const events: ChatStreamEvent[] = []
  let error: OpenMuxError | undefined
  let seen = ''
  try {
    for await (const event of stream) {
      events.push(event)
      if (event.type === 'text') seen += event.text
      if (event.type === 'resumed' && event.discard) seen = ''
    }
  } catch (thrown) {
    error = thrown as OpenMuxError
  }
  return { events, text: seen, error }
}

const mux = (...providers: Provider[]) => createOpenMux({ providers, random: () => 0 })

describe('a stream that breaks off after its first piece', () => {
  it.each([
    ['is cut', []],
    ['stalls', [failing('timeout')]],
    ['loses its connection', [failing('network')]],
    ['is garbled', [failing('bad-response')]],
    ['says that it failed', [failing('unavailable')]],
  ] as const)('goes on elsewhere when it %s, with no character lost or doubled', async (_how, end) => {
    for (const pieces of [1, 2, 3, 4, 5, 6]) {
      const first = scripted('first', { answers: [[...cutAfter(pieces), ...end]] })
      const stream = mux(first, scripted('second', { answers: [whole()] })).stream('Hi')
      const { events, text: seen, error } = await read(stream)
      expect(error).toBeUndefined()
      expect(seen).toBe(WHOLE.join(''))
      expect(events.filter(({ type }) => type === 'start')).toHaveLength(1)
      expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([
        { provider: 'second', by: 'restart', discard: false },
      ])
      expect(events.at(-1)?.type).toBe('finish')
      const result = await stream.result()
      expect(result).toMatchObject({ provider: 'second', text: WHOLE.join(''), resumed: 1 })
      expect(result.attempts.map(({ outcome }) => outcome)).toEqual(['failed', 'answered'])
    }
  })

  it('counts the usage of both', async () => {
    const first = scripted('first', { answers: [cutAfter(4)] })
    const { usage, attempts } = await mux(first, scripted('second', { answers: [whole()] }))
      .stream('Hi')
      .result()
    expect(attempts[0]?.usage).toMatchObject({ estimated: true })
    expect(usage?.outputTokens).toBe((attempts[0]?.usage?.outputTokens ?? 0) + 2)
    expect(usage?.estimated).toBe(true)
  })

  it('can break off several times within the budget', async () => {
    const providers = [cutAfter(2), cutAfter(4), cutAfter(5), whole()].map((steps, index) =>
      scripted(`p${index}`, { answers: [steps] }),
    )
    const { events, text: seen } = await read(mux(...providers).stream('Hi'))
    expect(seen).toBe(WHOLE.join(''))
    expect(events.filter(({ type }) => type === 'resumed')).toHaveLength(3)
  })

  it('fails with the delivered text when the budget is used up', async () => {
    const providers = [5, 2, 2, 2].map((pieces, index) =>
      scripted(`p${index}`, { answers: [cutAfter(pieces)] }),
    )
    const { error } = await read(mux(...providers).stream('Hi'))
    expect(error).toMatchObject({ code: 'all-failed', partial: { text: WHOLE.slice(0, 5).join('') } })
    expect(error?.attempts).toHaveLength(4)
  })

  it('goes on at the same candidate when there is no other', async () => {
    const only = scripted('only', { answers: [cutAfter(3), whole()] })
    const { text: seen, error } = await read(mux(only).stream('Hi'))
    expect(error).toBeUndefined()
    expect(seen).toBe(WHOLE.join(''))
  })

  it('hands the text over where a model can go on from it, and asks for no more than is missing', async () => {
    const second = prefilling(' and old.')
    const stream = mux(scripted('first', { answers: [cutAfter(4)] }), second).stream({
      prompt: 'Hi',
      maxTokens: 100,
    })
    const { events, text: seen } = await read(stream)
    expect(seen).toBe(WHOLE.join(''))
    expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ by: 'prefill' })
    expect(second.asked[0]?.messages.at(-1)).toEqual({ role: 'assistant', content: 'The sea is wide' })
    expect(second.asked[0]?.maxTokens).toBeLessThan(100)
  })

  it.each([
    ['nothing', 6, answer()],
    ['nothing, though much is missing', 3, answer()],
    ['only white space', 4, answer(' \n')],
    ['the beginning again', 4, answer('The ', 'sea ', 'is ', 'wide ', 'and ', 'old.')],
    ['a bit of the beginning again', 4, answer('The ')],
  ])(
    'asks again from the start when a candidate that is handed the beginning says %s',
    async (_what, after, said) => {
      const provider = scripted('second', {
        supports: { ...ALL_CAPABILITIES, prefill: true },
        answers: [said, whole()],
      })
      const openmux = mux(scripted('first', { answers: [cutAfter(after)] }), provider)
      const { events, text: seen, error } = await read(openmux.stream('Hi'))
      expect(error).toBeUndefined()
      expect(seen).toBe(WHOLE.join(''))
      expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([{ by: 'restart' }])
      expect(provider.asked.map(({ messages }) => messages.length)).toEqual([2, 1])
    },
  )

  it('counts an attempt that never came to speak as no part of the answer', async () => {
    const providers = [cutAfter(2), cutAfter(4), [failing('unavailable')], whole()].map((steps, index) =>
      scripted(`p${index}`, { answers: [steps] }),
    )
    const stream = mux(...providers).stream('Hi')
    const { events } = await read(stream)
    const result = await stream.result()
    expect(result.text).toBe(WHOLE.join(''))
    expect(result.resumed).toBe(events.filter(({ type }) => type === 'resumed').length)
  })

  it('begins anew at a candidate that refuses the beginning', async () => {
    const refused = new OpenMuxError({
      code: 'bad-request',
      message: 'the last message must be a user message',
    })
    const second = scripted('second', {
      supports: { ...ALL_CAPABILITIES, prefill: true },
      answers: [[refused], whole()],
    })
    const openmux = mux(scripted('first', { answers: [cutAfter(4)] }), second)
    const { events, text: seen } = await read(openmux.stream('Hi'))
    expect(seen).toBe(WHOLE.join(''))
    expect(events.find(({ type }) => type === 'resumed')).toMatchObject({ by: 'restart' })
    expect(second.asked.map(({ messages }) => messages.length)).toEqual([2, 1])
    // That is remembered: the next broken stream begins anew there at once.
    await read(openmux.stream('Hi'))
    expect(second.asked.slice(2).map(({ messages }) => messages.length)).toEqual([1])
  })

  it('never glues other words on: the error holds both texts', async () => {
    const second = scripted('second', { answers: [answer('A sea ', 'is salty.')] })
    const { text: seen, error } = await read(
      mux(scripted('first', { answers: [cutAfter(3)] }), second).stream('Hi'),
    )
    expect(seen).toBe('The sea is ')
    expect(error).toMatchObject({
      code: 'truncated',
      partial: { text: 'The sea is ', other: { provider: 'second', text: 'A sea is salty.', whole: true } },
    })
  })

  it('tells the caller to discard when that is wanted, and gives the other answer whole', async () => {
    const second = scripted('second', { answers: [answer('A sea ', 'is salty.')] })
    const stream = mux(scripted('first', { answers: [cutAfter(3)] }), second).stream({
      prompt: 'Hi',
      onBreak: 'restart',
    })
    const { events, text: seen, error } = await read(stream)
    expect(error).toBeUndefined()
    expect(seen).toBe('A sea is salty.')
    expect(events.filter(({ type }) => type === 'resumed')).toMatchObject([{ discard: true }])
    expect((await stream.result()).text).toBe('A sea is salty.')
  })

  it('is not continued against the caller’s veto', async () => {
    const second = scripted('second', { answers: [whole()] })
    const { error } = await read(
      mux(scripted('first', { answers: [cutAfter(3)] }), second).stream({ prompt: 'Hi', onBreak: 'fail' }),
    )
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'The sea is ' } })
    expect(second.asked).toHaveLength(0)
    expect(error?.decision?.candidates.at(-1)).toMatchObject({ provider: 'second', verdict: 'not-tried' })
  })

  it('is not continued in the middle of a tool call', async () => {
    const first = scripted('first', {
      answers: [[START, { type: 'tool-call', id: 'a', name: 'pay', argumentsText: '{"amount":' }]],
    })
    const second = scripted('second')
    const { error } = await read(
      mux(first, second).stream({ prompt: 'Hi', tools: [{ name: 'pay', parameters: {} }] }),
    )
    expect(error).toMatchObject({ code: 'truncated', partial: { toolCalls: [{ id: 'a', name: 'pay' }] } })
    expect(second.asked).toHaveLength(0)
  })

  it('is not continued in the middle of JSON', async () => {
    const first = scripted('first', { answers: [[START, text('{"a": ')]] })
    const { error } = await read(
      mux(first, scripted('second')).stream({ prompt: 'Hi', responseFormat: { type: 'json' } }),
    )
    expect(error).toMatchObject({ code: 'truncated', partial: { text: '{"a": ' } })
  })

  it('never mixes thinking into the answer', async () => {
    const thinking: Step[] = [START, { type: 'reasoning', text: 'Hm. ' }, text('The '), text('sea ')]
    const again: Step[] = [START, { type: 'reasoning', text: 'Well. ' }, ...WHOLE.map(text), STOP]
    const stream = mux(
      scripted('first', { answers: [thinking] }),
      scripted('second', { answers: [again] }),
    ).stream('Hi')
    const { text: seen } = await read(stream)
    expect(seen).toBe(WHOLE.join(''))
    expect((await stream.result()).text).toBe(WHOLE.join(''))
  })

  it('is begun anew, not continued, for a caller who asked for the whole answer', async () => {
    const first = scripted('first', { answers: [cutAfter(4)] })
    const other = scripted('second', { answers: [answer('Something else.')] })
    expect(await mux(first, other).chat('Hi')).toMatchObject({ text: 'Something else.', resumed: 0 })
  })

  it('lets go of everything when the caller leaves in the middle of a continuation', async () => {
    const second = scripted('second', { answers: [whole()] })
    const stream = mux(scripted('first', { answers: [cutAfter(3)] }), second).stream('Hi')
    for await (const event of stream) if (event.type === 'resumed') break
    await settle()
    expect(second.released.count).toBe(1)
    expect((await failureOf(stream.result())).code).toBe('aborted')
  })
})

function prefilling(...rest: string[]): ScriptedProvider {
  return scripted('second', {
    supports: { ...ALL_CAPABILITIES, prefill: true },
    answers: [answer(...rest)],
  })
}
