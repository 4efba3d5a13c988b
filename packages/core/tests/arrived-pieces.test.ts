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
function inBatches(id: string, batches: readonly (readonly ChatEvent[] | Error)[]) {
  const state = { awaited: 0, taken: 0 }
  const provider = {
    ...scripted(id),
    chat(): AsyncIterable<ChatEvent> {
      const coming = [...batches]
      let ready: ChatEvent[] = []
      const iterator: ArrivingIterator<ChatEvent> = {
        nextArrived() {
          const event = ready.shift()
          if (event !== undefined) state.taken += 1
          return event
        },
        async next() {
          state.awaited += 1
          const event = ready.shift()
          if (event !== undefined) return { done: false, value: event }
          const batch = coming.shift()
          if (batch instanceof Error) throw batch
          const [first, ...others] = batch ?? []
          ready = others
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
