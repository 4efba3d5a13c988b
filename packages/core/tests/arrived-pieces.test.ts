import { describe, expect, it } from 'vitest'
import {
  type ArrivingIterator,
  type ChatEvent,
  type ChatStreamEvent,
  createOpenMux,
  OpenMuxError,
} from '../src/index.js'
import { failureOf } from './support/failure.js'
import { scripted, START, STOP, text } from './support/scripted-provider.js'

/** A provider whose pieces arrive in batches and can be taken without waiting; counts how often it was awaited. */
function inBatches(id: string, batches: readonly (readonly (ChatEvent | Error)[] | Error)[]) {
  const state = { awaited: 0, taken: 0 }
  const provider = {
    ...scripted(id),
    chat(): AsyncIterable<ChatEvent> {
      const coming = [...batches]
      let ready: (ChatEvent | Error)[] = []
      const iterator: ArrivingIterator<ChatEvent> = {
        nextArrived() {
          const event = ready.shift()
          if (event instanceof Error) throw event
          if (event !== undefined) state.taken += 1
          return event
        },
        async next() {
          state.awaited += 1
          const event = iterator.nextArrived?.()
          if (event !== undefined) return { done: false, value: event }
          const batch = coming.shift()
          if (batch instanceof Error) throw batch
          const [first, ...others] = batch ?? []
          ready = others
          if (first instanceof Error) throw first
          return first === undefined ? { done: true, value: undefined } : { done: false, value: first }
        },
      }
      return { [Symbol.asyncIterator]: () => iterator }
    },
  }
  return { provider, state }
}

describe('pieces that have arrived already', () => {
  it('are taken without waiting, in order, streamed and whole', async () => {
    const { provider, state } = inBatches('only', [
      [START, text('a'), text('b'), text(''), text('c')],
      [text('d'), STOP],
    ])
    const openmux = createOpenMux({ providers: [provider] })
    const events: ChatStreamEvent[] = []
    for await (const event of openmux.stream('Hi')) events.push(event)
    expect(events.map((event) => (event.type === 'text' ? event.text : event.type))).toEqual([
      'start',
      'a',
      'b',
      'c',
      'd',
      'finish',
    ])
    expect(state.taken).toBeGreaterThanOrEqual(4)
    expect((await openmux.chat('Hi')).text).toBe('abcd')
  })

  it('are followed by the failure that broke the answer, with what had come', async () => {
    const down = new OpenMuxError({ code: 'truncated', message: 'cut' })
    const { provider } = inBatches('only', [[START, text('a'), text('b')], down])
    const stream = createOpenMux({ providers: [provider] }).stream({ prompt: 'Hi', onBreak: 'fail' })
    const seen: string[] = []
    const error = await failureOf(
      (async () => {
        for await (const piece of stream.textStream()) seen.push(piece)
      })(),
    )
    expect(seen).toEqual(['a', 'b'])
    expect(error).toMatchObject({ code: 'truncated', partial: { text: 'ab' } })
  })

  it('are followed by the next candidate when the failure had arrived with them', async () => {
    const cut = new OpenMuxError({ code: 'truncated', message: 'cut' })
    const { provider } = inBatches('first', [[START, text('a'), text('b'), text('c'), cut]])
    const second = inBatches('second', [[START, text('a'), text('b'), text('c'), text('d'), STOP]])
    const openmux = createOpenMux({ providers: [provider, second.provider] })
    const stream = openmux.stream({ prompt: 'Hi', onBreak: 'continue' })
    const seen: ChatStreamEvent[] = []
    for await (const event of stream) seen.push(event)
    expect(seen.map((event) => (event.type === 'text' ? event.text : event.type))).toEqual([
      'start',
      'a',
      'b',
      'c',
      'resumed',
      'd',
      'finish',
    ])
    expect((await stream.result()).text).toBe('abcd')
  })

  it('come in order to who asks for several at once, and end for all', async () => {
    const { provider } = inBatches('only', [
      [START, text('a'), text('b')],
      [text('c'), text('d'), STOP],
    ])
    const events = createOpenMux({ providers: [provider] })
      .stream('Hi')
      [Symbol.asyncIterator]()
    const order: number[] = []
    const steps = await Promise.all(
      Array.from({ length: 8 }, async (_each, number) => {
        const step = await events.next()
        order.push(number)
        return step.done === true ? 'end' : step.value.type === 'text' ? step.value.text : step.value.type
      }),
    )
    expect(steps).toEqual(['start', 'a', 'b', 'c', 'd', 'finish', 'end', 'end'])
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('are let go of when the reader leaves between two of them', async () => {
    const { provider } = inBatches('only', [[START, text('a'), text('b'), text('c'), STOP]])
    const stream = createOpenMux({ providers: [provider] }).stream('Hi')
    const events = stream[Symbol.asyncIterator]()
    for (let step = 0; step < 3; step += 1) await events.next()
    await events.return?.()
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect((await failureOf(stream.result())).code).toBe('aborted')
  })

  it('do not go out any more after the caller has left', async () => {
    const { provider } = inBatches('only', [[START, text('a'), text('b'), text('c'), STOP]])
    const controller = new AbortController()
    const stream = createOpenMux({ providers: [provider] }).stream({
      prompt: 'Hi',
      signal: controller.signal,
    })
    const seen: string[] = []
    const error = await failureOf(
      (async () => {
        for await (const piece of stream.textStream()) {
          seen.push(piece)
          if (piece === 'b') controller.abort()
        }
      })(),
    )
    expect(seen).toEqual(['a', 'b'])
    expect(error.code).toBe('aborted')
  })

  it('are checked like any other: a loop is stopped, another model refused', async () => {
    const loop = inBatches('loop', [[START, ...Array.from({ length: 400 }, () => text('again and ')), STOP]])
    const openmux = createOpenMux({ providers: [loop.provider] })
    expect((await failureOf(openmux.chat({ prompt: 'Hi', stopLoops: true }))).code).toBe('model-fault')
  })
})
