import { monitorEventLoopDelay } from 'node:perf_hooks'
import { afterEach, describe, expect, it } from 'vitest'
import { manualClock } from '@openmux/testkit'
import { ask, becomes, CHAT, cleanUp, context, EMBED, failureOf, filledCache, provider } from './support.js'

afterEach(cleanUp)

const words = (from: ReturnType<typeof provider>): Promise<string> =>
  ask(from, 'hello', { maxTokens: 2 }).then((answer) => answer.text)

describe('the worker', () => {
  it("keeps the caller's loop free while it loads and generates", async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache() })
    const delay = monitorEventLoopDelay({ resolution: 1 })
    delay.enable()
    const start = performance.now()
    await ask(from, 'hello')
    const took = performance.now() - start
    delay.disable()
    // Loading and five hundred tokens on this thread would hold the loop for most of that time.
    expect(delay.max / 1e6).toBeLessThan(Math.max(100, took / 3))
    expect(delay.percentile(90) / 1e6).toBeLessThan(30)
  })

  it('takes one call at a time for each model, in order, and tells those who wait', async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache() })
    const ends: number[] = []
    const watchers = [context(), context(), context()]
    const calls: Promise<void>[] = []
    for (const [place, watched] of watchers.entries()) {
      calls.push(ask(from, 'hello', { maxTokens: 60 }, watched).then(() => void ends.push(place)))
      // Each has arrived before the next sets out.
      await becomes(() => watched.progress.length > 0)
    }
    await Promise.all(calls)
    expect(ends).toEqual([0, 1, 2])
    expect(watchers[0]?.progress.some((news) => news.kind === 'queue')).toBe(false)
    expect(watchers[2]?.progress.filter((news) => news.kind === 'queue')).toEqual([
      { kind: 'queue', model: CHAT, ahead: 2 },
      { kind: 'queue', model: CHAT, ahead: 1 },
      { kind: 'queue', model: CHAT, ahead: 0 },
    ])
    expect(watchers[1]?.progress.filter((news) => news.kind === 'queue')).toEqual([
      { kind: 'queue', model: CHAT, ahead: 1 },
      { kind: 'queue', model: CHAT, ahead: 0 },
    ])
  })

  it('refuses calls beyond the queue with `unavailable`, and another model is not concerned', async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache(), queueLimit: 1 })
    const watchers = [context(), context()]
    const first = ask(from, 'hello', { maxTokens: 400 }, watchers[0])
    await becomes(() => watchers[0]?.progress.length !== 0)
    const second = ask(from, 'hello', { maxTokens: 1 }, watchers[1])
    await becomes(() => watchers[1]?.progress.length !== 0)
    const third = failureOf(ask(from, 'hello', { maxTokens: 1 }))
    expect(await third).toMatchObject({ code: 'unavailable', model: CHAT })
    await from.embed({ model: EMBED, inputs: ['hello'] }, context())
    await Promise.all([first, second])
  })

  it('lets a waiting caller leave the queue', async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache() })
    const ahead = context()
    const first = ask(from, 'hello', { maxTokens: 400 }, ahead)
    await becomes(() => ahead.progress.length > 0)
    const watched = context()
    const waiting = failureOf(ask(from, 'hello', {}, watched))
    await becomes(() => watched.progress.some((news) => news.kind === 'queue'))
    watched.control.abort()
    expect(await waiting).toMatchObject({ code: 'aborted' })
    await first
  })

  it('goes after the idle time, not before, and comes back for the next call', async () => {
    const clock = manualClock()
    const from = provider({ offline: true, cacheFolder: await filledCache(), idleUnloadMs: 60_000, clock })
    const loaded = async (): Promise<boolean> =>
      (await from.models(context())).some((card) => card.state === 'loaded')
    expect(await words(from)).toBe('This is')
    await clock.advance(59_000)
    expect(await loaded()).toBe(true)
    expect(await words(from)).toBe('This is')
    await clock.advance(59_000)
    expect(await loaded()).toBe(true)
    await clock.advance(1_500)
    await becomes(async () => !(await loaded()))
    expect(await words(from)).toBe('This is')
  })

  it('that ran out of memory is a typed error, and the next request gets a fresh one', async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache(), workerHeapMegabytes: 96 })
    const embed = (inputs: readonly string[]): Promise<unknown> =>
      from.embed({ model: EMBED, inputs }, context())
    await embed(['hello'])
    // Two hundred megabytes of text do not fit into its heap.
    const error = await failureOf(
      embed(Array.from({ length: 200 }, (_unused, place) => `${place} `.repeat(350_000))),
    )
    expect(error).toMatchObject({ code: 'unavailable', model: EMBED, provider: 'hf-local' })
    expect(error.message).toContain('memory')
    await embed(['hello'])
  })

  it('ends with the provider: calls under way fail with `aborted`, and closing twice is fine', async () => {
    const from = provider({ offline: true, cacheFolder: await filledCache() })
    const ahead = context()
    const work = failureOf(ask(from, 'hello', {}, ahead))
    await becomes(() => ahead.progress.length > 0)
    const watched = context()
    const waiting = failureOf(ask(from, 'hello', {}, watched))
    await becomes(() => watched.progress.some((news) => news.kind === 'queue'))
    await Promise.all([from.close(), from.close()])
    expect(await work).toMatchObject({ code: 'aborted' })
    expect(await waiting).toMatchObject({ code: 'aborted' })
    expect(await failureOf(words(from))).toMatchObject({ code: 'aborted' })
  })

  it('uses a device that exists when it may choose, and says what is wrong with one that does not', async () => {
    const cacheFolder = await filledCache()
    expect(await words(provider({ offline: true, cacheFolder, device: 'auto' }))).toBe('This is')
    expect(() => provider({ device: 'warp' as 'cpu' })).toThrow(/device must be one of auto/)
  })
})
