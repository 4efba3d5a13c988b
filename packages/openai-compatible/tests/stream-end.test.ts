import type { ChatEvent } from '@openmux/core'
import { manualClock, serveHandlers } from '@openmux/testkit'
import { openaiDouble, openaiFixture } from '@openmux/testkit/openai'
import { http, HttpResponse } from 'msw'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { callContext, chatOf, hello, outcomeOf } from './support/context.js'

const double = openaiDouble()
const server = await serveHandlers(double.handlers)
const provider = openaiCompatible({ id: 'double', baseURL: `${server.url}/v1` })
afterAll(async () => {
  await provider.close()
  await server.close()
})
beforeEach(() => {
  double.reset()
  server.reset()
})

describe('the end of a stream', () => {
  it('is not before the usage or a second after the finish reason', async () => {
    double.everyChat(openaiFixture('silence after the finish reason'))
    const clock = manualClock(1_000)
    const seen: ChatEvent['type'][] = []
    const reading = (async () => {
      for await (const { type } of chatOf(provider, hello(), callContext({ clock }))) seen.push(type)
    })()
    await expect.poll(() => clock.pending()).toBe(1)
    expect(seen).toEqual(['start', 'text'])
    await clock.advance(999)
    await expect.poll(() => clock.pending()).toBe(1)
    expect(seen).toEqual(['start', 'text'])
    await clock.advance(1)
    await reading
    expect(seen).toEqual(['start', 'text', 'finish'])
    expect(clock.pending()).toBe(0)
    await expect.poll(() => server.requests().every(({ open }) => !open)).toBe(true)
  })

  it('leaves the body read to its end, so that its connection can be used again', async () => {
    let end = (): void => undefined
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const frames = openaiFixture('openai: role first, usage in a chunk without choices').frames ?? []
        controller.enqueue(new TextEncoder().encode(frames.join('')))
        end = () => controller.close()
      },
    })
    server.use(
      http.post(
        '*/chat/completions',
        () => new HttpResponse(body, { headers: { 'content-type': 'text/event-stream' } }),
      ),
    )
    // The clock stands still: only the end of the body can end the wait after [DONE].
    const clock = manualClock()
    const reading = outcomeOf(chatOf(provider, hello(), callContext({ clock })))
    await expect.poll(() => clock.pending()).toBe(1)
    end()
    const { answer } = await reading
    expect(answer.finish?.usage?.outputTokens).toBe(3)
    expect(server.requests().map(({ abandoned }) => abandoned)).toEqual([false])
  })

  it('waits no longer than a moment for the end of the body after [DONE]', async () => {
    const whole = openaiFixture('openai: role first, usage in a chunk without choices')
    double.everyChat({ ...whole, ending: 'stall' })
    const clock = manualClock()
    const reading = outcomeOf(chatOf(provider, hello(), callContext({ clock })))
    await expect.poll(() => clock.pending()).toBe(1)
    await clock.advance(20)
    expect((await reading).answer.finish?.usage?.outputTokens).toBe(3)
  })

  it('the first finish reason counts', async () => {
    const [begin = '', , , finish = '', ...rest] =
      openaiFixture('openai: role first, usage in a chunk without choices').frames ?? []
    const frames = [begin, finish.replace('"stop"', '"length"'), finish, ...rest]
    double.everyChat({ ...openaiFixture('openai: role first, usage in a chunk without choices'), frames })
    expect((await outcomeOf(chatOf(provider, hello()))).answer.finish).toMatchObject({
      reason: 'length',
      rawReason: 'length',
    })
  })

  it('nothing that lies in a buffer goes out after the caller has left', async () => {
    const whole = openaiFixture('openai: role first, usage in a chunk without choices')
    double.everyChat(whole)
    double.cutPackets((bytes) => [bytes])
    const leaving = new AbortController()
    const stream = chatOf(provider, hello(), callContext({ signal: leaving.signal }))[Symbol.asyncIterator]()
    expect((await stream.next()).value).toMatchObject({ type: 'start' })
    leaving.abort()
    await expect(stream.next()).rejects.toMatchObject({ code: 'aborted' })
  })

  it('an abort while the usage is awaited is an abort', async () => {
    double.everyChat(openaiFixture('silence after the finish reason'))
    const leaving = new AbortController()
    const clock = manualClock(1_000)
    const reading = outcomeOf(chatOf(provider, hello(), callContext({ clock, signal: leaving.signal })))
    await expect.poll(() => clock.pending()).toBe(1)
    leaving.abort()
    expect((await reading).error?.code).toBe('aborted')
    expect(clock.pending()).toBe(0)
  })
})
