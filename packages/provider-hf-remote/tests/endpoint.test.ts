import { createOpenMux, type Progress, type Provider } from '@openmux/core'
import { type HandlerServer, manualClock, scriptedProvider, serveHandlers } from '@openmux/testkit'
import {
  type HfEndpointDouble,
  hfEndpointDouble,
  type HfEndpointDoubleOptions,
  hfError,
} from '@openmux/testkit/hf-remote'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { hfEndpoint, type HfEndpointOptions } from '../src/index.js'
import { ask, callContext, embedding, failureOf, TOKEN } from './support/context.js'

const opened: { close(): Promise<void> }[] = []
afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())))

interface Setting {
  readonly double: HfEndpointDouble
  readonly server: HandlerServer
  readonly provider: Provider
}

async function setting(
  made: HfEndpointDoubleOptions,
  options: Partial<HfEndpointOptions> = {},
): Promise<Setting> {
  const double = hfEndpointDouble(made)
  const server = await serveHandlers(double.handlers)
  const task = made.container === 'tei' ? 'embeddings' : 'chat'
  const provider = hfEndpoint({ url: server.url, task, token: TOKEN, ...options })
  opened.push(provider, server)
  return { double, server, provider }
}

/** A clock that is moved whenever somebody waits by it. */
async function pastEveryPause(clock: ReturnType<typeof manualClock>, work: Promise<unknown>): Promise<void> {
  let over = false
  void Promise.allSettled([work]).then(() => {
    over = true
  })
  await vi.waitFor(
    async () => {
      await clock.advance(1_000)
      expect(over).toBe(true)
    },
    { timeout: 8_000, interval: 2 },
  )
}

const MODEL = 'example/model'
const TEI = 'BAAI/bge-small-en-v1.5'

describe('an endpoint that is scaled to zero', () => {
  it.each(['vllm', 'tgi'] as const)(
    'chat with %s waits for the replica and reports the load',
    async (container) => {
      const { double, provider } = await setting({ container, model: MODEL }, { model: MODEL })
      double.scaledToZero(3)
      const clock = manualClock()
      const news: Progress[] = []
      const answer = ask(
        provider,
        { model: MODEL },
        callContext({ clock, onProgress: (one) => news.push(one) }),
      )
      await pastEveryPause(clock, answer)
      expect((await answer).text).toContain('Say hello.')
      expect(news).toEqual([
        { kind: 'load', model: MODEL, done: false },
        { kind: 'load', model: MODEL, done: true },
      ])
    },
  )

  it('embeddings wait too', async () => {
    const { double, provider } = await setting({ container: 'tei' })
    double.scaledToZero(2)
    const clock = manualClock()
    const work = embedding(provider, ['a', 'b'], TEI, callContext({ clock }))
    await pastEveryPause(clock, work)
    expect((await work).vectors).toHaveLength(2)
  })

  it('asks with growing pauses, not as fast as it can', async () => {
    const { double, server, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    double.scaledToZero(Number.POSITIVE_INFINITY)
    const clock = manualClock()
    const work = failureOf(() => ask(provider, { model: MODEL }, callContext({ clock })))
    await pastEveryPause(clock, work)
    expect((await work).code).toBe('loading')
    // Ten minutes: 1 + 2 + 4 + 8 s, then every 15 s.
    expect(server.requests().length).toBeLessThan(50)
  })

  it('the deadline ends the wait with `loading`, and says that the start goes on', async () => {
    const { double, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    double.scaledToZero(Number.POSITIVE_INFINITY)
    const clock = manualClock()
    const start = clock.now()
    const context = callContext({ clock, deadline: start + 5_000 })
    const work = failureOf(() => ask(provider, { model: MODEL }, context))
    await pastEveryPause(clock, work)
    expect(await work).toMatchObject({ code: 'loading', scope: 'endpoint', model: MODEL })
    expect(clock.now() - start).toBeLessThan(15_000)
  })

  it('scaleUpTimeoutMs: 0 waits not at all', async () => {
    const { double, server, provider } = await setting(
      { container: 'vllm', model: MODEL },
      { model: MODEL, scaleUpTimeoutMs: 0 },
    )
    double.scaledToZero(Number.POSITIVE_INFINITY)
    expect(await failureOf(() => ask(provider, { model: MODEL }))).toMatchObject({ code: 'loading' })
    expect(server.requests()).toHaveLength(1)
  })

  it('with scaleUp: hold the proxy keeps the request, told for how long', async () => {
    const { double, server, provider } = await setting(
      { container: 'vllm', model: MODEL },
      { model: MODEL, scaleUp: 'hold', scaleUpTimeoutMs: 60_000 },
    )
    double.holdsWhenAsked()
    await ask(provider, { model: MODEL })
    expect(server.requests()).toHaveLength(1)
    expect(server.requests()[0]?.headers['x-scale-up-timeout']).toBe('60')
  })

  it('through the orchestrator: it is waited for, and the first-token limit does not count the start', async () => {
    const { double, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    const spare = scriptedProvider({ id: 'spare' })
    const clock = manualClock()
    const mux = createOpenMux({ providers: [provider, spare], clock, timeouts: { firstTokenMs: 5_000 } })
    opened.push(mux)
    // One for ready(), four for the chat: 1 + 2 + 4 + 8 s, three times the limit on the first token.
    double.scaledToZero(5)
    let began = (): void => undefined
    const loading = new Promise<void>((resolve) => (began = resolve))
    const answer = mux.chat({
      messages: [{ role: 'user', content: 'Say hello.' }],
      onProgress: () => began(),
    })
    await loading
    await pastEveryPause(clock, answer)
    expect(await answer).toMatchObject({ provider: 'hf-endpoint', attempts: [{ outcome: 'answered' }] })
  })

  it.each(['tgi', 'tei'] as const)(
    'its list of models (%s) waits where no name was given',
    async (container) => {
      const { double, provider } = await setting({ container })
      double.scaledToZero(2)
      const clock = manualClock()
      const cards = provider.models(callContext({ clock }))
      await pastEveryPause(clock, cards)
      expect(await cards).toHaveLength(1)
    },
  )

  it('a card with the name given waits for nothing', async () => {
    const { double, provider } = await setting({ container: 'tei' }, { model: TEI })
    double.scaledToZero(Number.POSITIVE_INFINITY)
    expect(await provider.models(callContext())).toMatchObject([{ id: TEI, tasks: ['embeddings'] }])
  })

  it('the caller who leaves, and close(), end the pause at once', async () => {
    const { double, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    double.scaledToZero(Number.POSITIVE_INFINITY)
    const controller = new AbortController()
    const waiting = (signal: AbortSignal): { work: Promise<unknown>; began: Promise<void> } => {
      let began = (): void => undefined
      const begun = new Promise<void>((resolve) => (began = resolve))
      const context = callContext({ signal, onProgress: () => began() })
      return { work: failureOf(() => ask(provider, { model: MODEL }, context)), began: begun }
    }
    const [left, closed] = [waiting(controller.signal), waiting(new AbortController().signal)]
    await Promise.all([left.began, closed.began])
    controller.abort()
    expect(await left.work).toMatchObject({ code: 'aborted', provider: 'hf-endpoint', model: MODEL })
    await provider.close()
    expect(await closed.work).toMatchObject({ code: 'aborted' })
  })

  it('is ready, as it can be waited for; without a wait it is not', async () => {
    const patient = await setting({ container: 'tgi' })
    patient.double.scaledToZero(1)
    expect(await patient.provider.ready(callContext())).toMatchObject({ ready: true })
    const hasty = await setting({ container: 'tgi' }, { scaleUpTimeoutMs: 0 })
    hasty.double.scaledToZero(1)
    expect(await hasty.provider.ready(callContext())).toMatchObject({ ready: false })
  })
})

describe('an endpoint', () => {
  it('that is paused needs a person, and is not waited for', async () => {
    const { double, server, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    double.paused()
    const error = await failureOf(() => ask(provider, { model: MODEL }))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'endpoint', until: 'never' })
    expect(error.hint).toContain('Resume')
    expect(server.requests()).toHaveLength(1)
    expect(await provider.ready(callContext())).toMatchObject({ ready: false })
  })

  it('with TEI names the whole identity of its space, weights included', async () => {
    const { provider } = await setting({ container: 'tei' })
    const { space } = await embedding(provider, ['text'], TEI)
    expect(space).toEqual({
      model: 'bge-small-en-v1.5',
      revision: '5c38ec7c405ec4b44b94cc5a9bb96e735b38267a',
      dimensions: 384,
      pooling: 'cls',
      normalized: true,
    })
  })

  it('is sent no more texts at once than it takes', async () => {
    const { server, provider } = await setting({ container: 'tei', maxBatch: 4 })
    const inputs = Array.from({ length: 10 }, (_unused, index) => `text ${index}`)
    expect((await embedding(provider, inputs, TEI)).vectors).toHaveLength(10)
    expect(server.requests().filter(({ path }) => path === '/embed')).toHaveLength(3)
  })

  it('with TEI refuses a text that is too long instead of cutting it', async () => {
    const { provider } = await setting({ container: 'tei' })
    expect(await failureOf(() => embedding(provider, ['word '.repeat(10_000)], TEI))).toMatchObject({
      code: 'context-too-long',
    })
  })

  it.each(['TEI: 429 overloaded', 'TGI: 424 generation', 'TGI: 422 validation'])(
    '"%s" is typed',
    async (name) => {
      const fixture = hfError(name)
      const { double, provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
      double.refuse(fixture)
      expect(await failureOf(() => ask(provider, { model: MODEL }))).toMatchObject({
        code: fixture.expected.code,
      })
    },
  )

  it('serves one model and says which', async () => {
    const { provider } = await setting({ container: 'vllm', model: MODEL }, { model: MODEL })
    expect((await failureOf(() => ask(provider, { model: 'another' }))).message).toContain(MODEL)
  })

  it('that is public is asked without a token', async () => {
    const double = hfEndpointDouble({ container: 'tgi' })
    const server = await serveHandlers(double.handlers)
    const provider = hfEndpoint({ url: `${server.url}/v1/chat/completions`, task: 'chat', environment: {} })
    opened.push(provider, server)
    await ask(provider, { model: 'tgi' })
    expect(server.requests().at(-1)?.headers).not.toHaveProperty('authorization')
  })
})
