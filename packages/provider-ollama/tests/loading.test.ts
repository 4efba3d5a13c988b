import { manualClock } from '@openmux/testkit'
import { describe, expect, it, vi } from 'vitest'
import { ask, context, failure, question, withDouble } from './support/with-double.js'

const { double, provider, sent, server } = await withDouble()
const LOADS = (body: Record<string, unknown>) =>
  Array.isArray(body['messages']) && body['messages'].length === 0
const loadsSent = () => sent('/api/chat').filter(LOADS).length

describe('a model that is not in memory', () => {
  it('is loaded first, which is told, and asked with the same window', async () => {
    const within = context()
    await ask(provider(), question(), within)
    expect(within.news).toEqual([
      { kind: 'load', model: 'llama3.2:1b', done: false },
      { kind: 'load', model: 'llama3.2:1b', done: true },
    ])
    const [load, chat] = sent('/api/chat')
    expect(load).toMatchObject({ messages: [], options: { num_ctx: 4_096 } })
    expect(chat).toMatchObject({ options: { num_ctx: 4_096 } })
    expect(double.loads).toEqual([{ name: 'llama3.2:1b', contextTokens: 4_096 }])
  })

  it('is loaded once for all who ask meanwhile', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const answers = Promise.all([
      ask(target),
      ask(target),
      ask(target, question('Hi', { model: 'Llama3.2:1B' })),
    ])
    await gate.arrived()
    await vi.waitFor(() =>
      expect(server.requests().filter(({ path }) => path === '/api/tags').length).toBe(3),
    )
    gate.open()
    expect((await answers).map(({ finish }) => finish?.reason)).toEqual(['stop', 'stop', 'stop'])
    expect(loadsSent()).toBe(1)
  })

  it('goes on loading when the caller leaves', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const within = context()
    const left = failure(ask(target, question(), within))
    await gate.arrived()
    within.abort()
    expect((await left).code).toBe('aborted')
    expect(gate.waiting).toBe(1)
    gate.open()
    await vi.waitFor(() => expect(double.inMemory).toHaveLength(1))
    // The next caller finds it there.
    const later = context()
    await ask(target, question(), later)
    expect(later.news).toEqual([])
    expect(loadsSent()).toBe(1)
  })

  it('is `loading`, not dead, when the deadline passes, and the load goes on', async () => {
    const gate = double.holdLoads()
    const clock = manualClock()
    const left = failure(ask(provider(), question(), context({ clock, deadline: clock.now() + 30_000 })))
    await gate.arrived()
    await clock.advance(30_000)
    const error = await left
    expect(error).toMatchObject({ code: 'loading', model: 'llama3.2:1b', next: 'elsewhere' })
    expect(clock.pending()).toBe(0)
    expect(gate.waiting).toBe(1)
  })

  it('that another caller is having loaded is waited for by those who come later', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const first = context()
    const left = failure(ask(target, question(), first))
    await gate.arrived()
    const second = ask(target)
    first.abort()
    await left
    gate.open()
    expect((await second).finish?.reason).toBe('stop')
    expect(loadsSent()).toBe(1)
  })

  it('that cannot be loaded fails for all who wait, with the reason, each by their own name for it', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const names = ['llama3.2:1b', 'LLAMA3.2:1b']
    const failures = names.map((model) => failure(ask(target, question('Hi', { model }))))
    await gate.arrived()
    await vi.waitFor(() =>
      expect(server.requests().filter(({ path }) => path === '/api/show').length).toBe(2),
    )
    gate.open('model requires more system memory (4.0 GiB) than is available (2.0 GiB)')
    const errors = await Promise.all(failures)
    expect(errors.map(({ code, scope, model }) => [code, scope, model])).toEqual(
      names.map((name) => ['unavailable', 'model', name]),
    )
    expect(errors[0]?.hint).toContain('smaller')
  })

  it('that failed to load is tried again by the next call', async () => {
    double.failLoads('llama3.2:1b', 'llama runner process has terminated: exit status 2')
    const target = provider()
    expect((await failure(ask(target))).code).toBe('unavailable')
    double.reset()
    expect((await ask(target)).finish?.reason).toBe('stop')
  })

  it('is let go of by close()', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const left = failure(ask(target))
    await gate.arrived()
    await target.close()
    expect((await left).code).toBe('aborted')
    await vi.waitFor(() => expect(gate.waiting).toBe(0))
  })

  it('is loaded with the options it will be asked with', async () => {
    const providerOptions = { ollama: { options: { num_gpu: 0, num_thread: 2, top_k: 5 }, keepAlive: '1h' } }
    await ask(provider(), question('Hi', { providerOptions }))
    const [load, chat] = sent('/api/chat')
    expect(load).toMatchObject({ options: { num_ctx: 4_096, num_gpu: 0, num_thread: 2 }, keep_alive: '1h' })
    expect(load?.['options']).not.toHaveProperty('top_k')
    expect(chat).toMatchObject({ options: { num_gpu: 0, num_thread: 2, top_k: 5 }, keep_alive: '1h' })
  })

  it('for embeddings is loaded by an embedding of nothing', async () => {
    const within = context()
    await provider().embed({ model: 'nomic-embed-text', inputs: ['a'] }, within)
    expect(sent('/api/embed').map(({ input }) => input)).toEqual([[], ['a']])
    expect(within.news).toHaveLength(2)
  })
})

describe('a model in memory', () => {
  it('is asked without any side question, once the server has said so', async () => {
    const target = provider()
    await ask(target)
    const before = server.requests().length
    await ask(target)
    await ask(target)
    expect(
      server
        .requests()
        .slice(before)
        .map(({ path }) => path),
    ).toEqual(['/api/chat', '/api/chat'])
  })

  it('keeps a larger window than needed: no load is wasted', async () => {
    double.putInMemory('llama3.2:1b', 16_384)
    await ask(provider())
    expect(double.loads).toEqual([])
    expect(sent('/api/chat')).toMatchObject([{ options: { num_ctx: 16_384 } }])
  })

  it('is loaded anew with a larger window when the prompt needs it', async () => {
    double.putInMemory('llama3.2:1b', 4_096)
    const within = context()
    await ask(provider(), question('word '.repeat(6_000)), within)
    expect(double.loads).toEqual([{ name: 'llama3.2:1b', contextTokens: 16_384 }])
    expect(within.news).toHaveLength(2)
  })

  it('with another window than the one that was set is loaded anew, apart from any caller', async () => {
    double.putInMemory('llama3.2:1b', 16_384)
    const within = context()
    await ask(provider({ contextTokens: 2_048 }), question(), within)
    expect(within.news).toHaveLength(2)
    expect(double.loads).toEqual([{ name: 'llama3.2:1b', contextTokens: 2_048 }])
  })

  it('under load with a larger window does for those who set none', async () => {
    const gate = double.holdLoads()
    const target = provider()
    const large = ask(target, question('word '.repeat(6_000)))
    await gate.arrived()
    const waiting = [context(), context()]
    const small = ask(target, question(), waiting[0])
    const fixed = { ollama: { contextTokens: 2_048 } }
    const set = ask(target, question('Hi', { providerOptions: fixed }), waiting[1])
    await vi.waitFor(() => expect(waiting.map(({ news }) => news.length)).toEqual([1, 1]))
    gate.open()
    await Promise.all([large, small, set])
    expect(double.loads[0]?.contextTokens).toBe(16_384)
    const windows = sent('/api/chat')
      .filter((body) => !LOADS(body))
      .map(({ options }) => (options as { num_ctx: number }).num_ctx)
    expect(windows.toSorted((a, b) => a - b)).toEqual([2_048, 16_384, 16_384])
  })

  it('that was evicted meanwhile is loaded again', async () => {
    const clock = manualClock()
    const target = provider()
    await ask(target, question(), context({ clock }))
    double.evict('llama3.2:1b')
    await clock.advance(3_001)
    const within = context({ clock })
    await ask(target, question(), within)
    expect(within.news).toHaveLength(2)
    expect(double.loads).toHaveLength(2)
  })

  it('is asked about again after a failure', async () => {
    const target = provider()
    await ask(target)
    double.nextChats({
      refusal: { status: 500, body: '{"error":"llama runner process has terminated: exit status 2"}' },
    })
    await failure(ask(target))
    const before = server.requests().length
    await ask(target)
    expect(server.requests()[before]?.path).toBe('/api/ps')
  })
})
