import { type ChatEvent, createOpenMux, type Provider, systemClock } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  collect,
  cutAfter,
  failWith,
  manualClock,
  scriptedProvider,
  stallAfter,
  withFaults,
} from '../src/index.js'

const request = { model: 'scripted-chat', messages: [{ role: 'user' as const, content: 'Hello' }] }
const context = (signal = new AbortController().signal) => ({ signal, clock: systemClock })

describe('manualClock', () => {
  it('runs timers in the order they fall due, each at its own moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1_000)), async (delays) => {
        const clock = manualClock(0)
        const ran: [number, number][] = []
        for (const delay of delays) clock.after(delay, () => ran.push([delay, clock.now()]))
        await clock.advance(1_000)
        expect(ran.map(([delay]) => delay)).toEqual(delays.toSorted((a, b) => a - b))
        expect(ran.every(([delay, moment]) => delay === moment)).toBe(true)
        expect([clock.now(), clock.pending()]).toEqual([1_000, 0])
      }),
      { numRuns: 25 },
    )
  })

  it('runs what a timer sets, forgets what was cancelled, and waits for the rest', async () => {
    const clock = manualClock()
    const ran: string[] = []
    clock.after(10, () => {
      ran.push('first')
      clock.after(10, () => ran.push('second'))
    })
    clock.after(5, () => ran.push('cancelled'))()
    clock.after(100, () => ran.push('later'))
    await clock.advance(20)
    expect([ran, clock.pending()]).toEqual([['first', 'second'], 1])
  })
})

describe('scriptedProvider', () => {
  it('plays one script a call, the last one again and again, and remembers requests', async () => {
    const provider = scriptedProvider({ chats: [['one'], ['two ', 'three']] })
    const ask = async (): Promise<string> => (await collect(provider.chat(request, context()))).text
    expect([await ask(), await ask(), await ask()]).toEqual(['one', 'two three', 'two three'])
    expect(provider.chatRequests).toEqual([request, request, request])
    expect(provider.running()).toBe(0)
  })

  it('waits by the clock of the call', async () => {
    const clock = manualClock()
    const provider = scriptedProvider({ chats: [['a', { wait: 60_000 }, 'b']] })
    const seen: ChatEvent[] = []
    const reading = (async () => {
      for await (const event of provider.chat(request, { ...context(), clock })) seen.push(event)
    })()
    await clock.advance(59_999)
    expect(seen.map((event) => event.type)).toEqual(['start', 'text'])
    expect(provider.running()).toBe(1)
    await clock.advance(1)
    await reading
    expect(seen.map((event) => event.type)).toEqual(['start', 'text', 'text', 'finish'])
  })

  it('fails, ends early and hangs where the script says so', async () => {
    const provider = scriptedProvider({
      chats: [
        [{ fail: 'rate-limit' }],
        ['a', { fail: { code: 'unavailable', until: 5 } }],
        ['a', { end: true }],
        [{ hang: true }],
      ],
    })
    const leaving = new AbortController()
    const ask = () => collect(provider.chat(request, context(leaving.signal)))
    await expect(ask()).rejects.toMatchObject({
      code: 'rate-limit',
      provider: 'scripted',
      model: 'scripted-chat',
    })
    await expect(ask()).rejects.toMatchObject({ code: 'unavailable', until: 5 })
    expect((await ask()).finish).toBeUndefined()
    const hanging = ask()
    leaving.abort()
    await expect(hanging).rejects.toMatchObject({ code: 'aborted' })
  })

  it('lets an orchestrator fail over, as users would test it', async () => {
    const first = scriptedProvider({ id: 'first', chats: [[{ fail: 'unavailable' }]] })
    const second = scriptedProvider({ id: 'second', chats: [['from the second']] })
    await using mux = createOpenMux({ providers: [first, second] })
    const answer = await mux.chat('Hello')
    expect(answer).toMatchObject({ provider: 'second', text: 'from the second' })
    expect(answer.attempts.map((attempt) => attempt.provider)).toContain('first')
  })
})

describe('faults', () => {
  it('makes an orchestrator take another candidate, as in the README', async () => {
    const flaky = withFaults(scriptedProvider({ id: 'flaky', chats: [['one ', 'two']] }), cutAfter(1))
    const spare = scriptedProvider({ id: 'spare', chats: [['hello']] })
    await using mux = createOpenMux({ providers: [flaky, spare] })
    expect(await mux.chat('Hi')).toMatchObject({ provider: 'spare', text: 'hello' })
  })

  const able = () => scriptedProvider({ embeds: true, chats: [['a', 'b', 'c']] })
  const textBefore = async (
    provider: Provider,
    call = context(),
  ): Promise<{ text: string; code: unknown }> => {
    let text = ''
    try {
      for await (const event of provider.chat?.(request, call) ?? [])
        if (event.type === 'text') text += event.text
    } catch (error) {
      return { text, code: (error as { code: unknown }).code }
    }
    return { text, code: undefined }
  }

  it('cutAfter cuts after so many pieces, and only as often as said', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3), async (pieces) => {
        const provider = withFaults(able(), cutAfter(pieces, { calls: 1 }))
        const ask = () => textBefore(provider)
        expect(await ask()).toEqual({ text: 'abc'.slice(0, pieces), code: 'truncated' })
        expect(await ask()).toEqual({ text: 'abc', code: undefined })
      }),
    )
  })

  it('failWith fails chats and embeddings before anything comes', async () => {
    const provider = withFaults(able(), failWith({ code: 'quota', until: 7 }, { calls: 2 }))
    expect(await textBefore(provider)).toEqual({ text: '', code: 'quota' })
    const embed = () => provider.embed?.({ model: 'scripted-embed', inputs: ['x'] }, context())
    await expect(embed()).rejects.toMatchObject({ code: 'quota', until: 7, provider: 'scripted' })
    expect((await embed())?.vectors).toHaveLength(1)
  })

  it('stallAfter is silent until the caller leaves or the provider is closed', async () => {
    const leaving = new AbortController()
    const provider = withFaults(able(), stallAfter(1))
    const first = textBefore(provider, context(leaving.signal))
    leaving.abort()
    expect((await first).code).toBe('aborted')
    const second = textBefore(provider)
    await new Promise((resolve) => setImmediate(resolve))
    await provider.close()
    expect(await second).toEqual({ text: 'a', code: 'aborted' })
  })

  it('leaves absent members absent', () => {
    expect(withFaults(scriptedProvider(), failWith('auth'), cutAfter(1), stallAfter(1)).embed).toBeUndefined()
  })
})
