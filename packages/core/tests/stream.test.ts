import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { type ChatStreamEvent, createOpenMux, OpenMuxError } from '../src/index.js'
import { failureOf } from './support/failure.js'
import { settle } from './support/manual-clock.js'
import { answer, hangForEver, scripted, START, STOP, text } from './support/scripted-provider.js'

const down = (): OpenMuxError => new OpenMuxError({ code: 'network', message: 'down', scope: 'endpoint' })

describe('a stream', () => {
  it('yields start with the provider, the pieces and one finish, and then has the result', async () => {
    const openmux = createOpenMux({ providers: [scripted('only', { answers: [answer('Hel', 'lo')] })] })
    const stream = openmux.stream('Hi')
    const events: ChatStreamEvent[] = []
    for await (const event of stream) events.push(event)
    expect(events.map(({ type }) => type)).toEqual(['start', 'text', 'text', 'finish'])
    expect(events[0]).toMatchObject({ provider: 'only', model: 'model-1' })
    expect(await stream.result()).toMatchObject({ text: 'Hello', provider: 'only' })
  })

  it('passes every piece on as it comes', async () => {
    const gate = Promise.withResolvers<void>()
    const slow = scripted('slow', {
      answers: [[START, text('first'), () => gate.promise, text(' second'), STOP]],
    })
    const pieces = createOpenMux({ providers: [slow] })
      .stream('Hi')
      .textStream()
      [Symbol.asyncIterator]()
    expect(await pieces.next()).toEqual({ done: false, value: 'first' })
    gate.resolve()
    expect(await pieces.next()).toEqual({ done: false, value: ' second' })
  })

  it('hides a failover before the first piece: one start, of the provider that answers', async () => {
    const first = scripted('first', { answers: [[START, down()]] })
    const events: ChatStreamEvent[] = []
    for await (const event of createOpenMux({ providers: [first, scripted('second')] }).stream('Hi'))
      events.push(event)
    expect(events.filter(({ type }) => type === 'start')).toMatchObject([{ provider: 'second' }])
  })

  it('does nothing before it is iterated, and can be read once', async () => {
    const provider = scripted('only')
    const stream = createOpenMux({ providers: [provider] }).stream('Hi')
    await settle()
    expect(provider.asked).toHaveLength(0)
    for await (const _event of stream);
    const error = await failureOf(
      (async () => {
        for await (const _event of stream);
      })(),
    )
    expect(error.code).toBe('bad-request')
  })

  it('stops the model when the consumer leaves the loop', async () => {
    const provider = scripted('only', { answers: [[START, text('a'), text('b'), STOP]] })
    const stream = createOpenMux({ providers: [provider] }).stream('Hi')
    for await (const event of stream) if (event.type === 'text') break
    await settle()
    expect(provider.contexts[0]?.signal.aborted).toBe(true)
    expect(provider.released.count).toBe(1)
    expect((await failureOf(stream.result())).code).toBe('aborted')
  })

  it('ends with `aborted` when the caller aborts, even if the provider does not listen', async () => {
    const controller = new AbortController()
    const provider = scripted('deaf', { answers: [[START, text('a'), hangForEver]] })
    const stream = createOpenMux({ providers: [provider, scripted('second')] }).stream({
      prompt: 'Hi',
      signal: controller.signal,
    })
    const reading = failureOf(
      (async () => {
        for await (const event of stream) if (event.type === 'text') controller.abort(new Error('enough'))
      })(),
    )
    expect(await reading).toMatchObject({ code: 'aborted', partial: { text: 'a' } })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('that is begun and dropped settles its result when the request ends', async () => {
    const openmux = createOpenMux({ providers: [scripted('only', { answers: [answer('a', 'b')] })] })
    const stream = openmux.stream('Hi')
    await stream[Symbol.asyncIterator]().next()
    const result = failureOf(stream.result())
    await openmux.close()
    expect((await result).code).toBe('aborted')
  })

  it('leaves no listener on the caller’s signal after a whole answer', async () => {
    const controller = new AbortController()
    const openmux = createOpenMux({
      providers: [scripted('first', { answers: [[down()]] }), scripted('second')],
    })
    await openmux.chat({ prompt: 'Hi', signal: controller.signal })
    await openmux.stream({ prompt: 'Hi', signal: controller.signal }).result()
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
  })

  it('refuses a signal that is aborted already without asking anybody', async () => {
    const provider = scripted('only')
    expect(
      (
        await failureOf(
          createOpenMux({ providers: [provider] }).chat({ prompt: 'Hi', signal: AbortSignal.abort() }),
        )
      ).code,
    ).toBe('aborted')
    expect(provider.asked).toHaveLength(0)
  })
})
