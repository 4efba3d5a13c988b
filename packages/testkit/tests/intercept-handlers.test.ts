import { http, HttpResponse } from 'msw'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { interceptHandlers, streamBody } from '../src/index.js'

const network = interceptHandlers([
  http.get('*/text', () => HttpResponse.text('hello')),
  http.get('*/stall', () => new HttpResponse(streamBody(['some'], 'stall'))),
  http.get('*/cut', () => new HttpResponse(streamBody(['some'], 'cut'))),
  http.get('*/nothing', () => undefined),
])

describe('interceptHandlers', () => {
  beforeAll(() => network.start())
  beforeEach(() => network.reset())
  afterAll(() => network.stop())

  it('answers the built-in fetch for any host', async () => {
    expect(await (await fetch('https://one.invalid/text')).text()).toBe('hello')
    expect(await (await fetch('http://two.invalid:8080/prefix/text')).text()).toBe('hello')
    expect(network.requests().map((request) => request.host)).toEqual(['one.invalid:443', 'two.invalid:8080'])
    expect(network.requests().every((request) => !request.open)).toBe(true)
  })

  it.each([
    ['a path nobody handles', 'https://one.invalid/other'],
    // MSW would let addresses that look like files through to the network.
    ['a path that looks like a file', 'https://one.invalid/tokenizer.json'],
    ['a handler that returns nothing', 'https://one.invalid/nothing'],
  ])('lets nothing out: %s', async (_what, url) => {
    await expect(fetch(url)).rejects.toThrow('fetch failed')
    expect(network.unhandled).toEqual([`GET ${url}`])
  })

  it('streams, and notices when the client leaves', async () => {
    const leaving = new AbortController()
    const answer = await fetch('https://one.invalid/stall', { signal: leaving.signal })
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('some')
    expect(network.requests()).toMatchObject([{ open: true }])
    leaving.abort()
    await vi.waitFor(() => expect(network.requests()).toMatchObject([{ open: false, abandoned: true }]))
  })

  it('breaks the body of a cut answer after its pieces', async () => {
    const answer = await fetch('https://one.invalid/cut')
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('some')
    await expect(reader.read()).rejects.toThrow('terminated')
    expect(network.requests()).toMatchObject([{ open: false, abandoned: false }])
  })

  it('takes other handlers for a while', async () => {
    network.use(http.get('*/text', () => HttpResponse.text('other')))
    expect(await (await fetch('https://one.invalid/text')).text()).toBe('other')
    network.reset()
    expect(await (await fetch('https://one.invalid/text')).text()).toBe('hello')
  })
})

describe('interceptHandlers, stopped', () => {
  it('leaves fetch as it was', async () => {
    const before = globalThis.fetch
    const other = interceptHandlers([http.get('*/text', () => HttpResponse.text('hello'))])
    other.start()
    expect(() => other.start()).toThrow('already listening')
    other.stop()
    expect(globalThis.fetch).toBe(before)
  })
})
