import { serveHandlers } from '@openmux/testkit'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { ollama } from '../src/index.js'
import { context, withDouble } from './support/with-double.js'

const { double, provider } = await withDouble()
const refusal = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

describe('ready()', () => {
  it('tells the version and how many models there are', async () => {
    expect(await provider().ready(context())).toEqual({ ready: true, detail: 'Ollama 0.24.0, 5 models' })
  })

  it('without any model says how to get a small one', async () => {
    for (const { name } of await provider().tags()) double.uninstall(name)
    expect(await provider().ready(context())).toMatchObject({
      ready: false,
      reason: expect.stringContaining('no model is installed'),
      remedies: [expect.stringContaining('ollama pull llama3.2:1b')],
    })
  })

  it('without a server says how to start, install or find it', async () => {
    const readiness = await provider({ baseURL: '127.0.0.1:1' }).ready(context())
    expect(readiness).toMatchObject({ ready: false, reason: 'No Ollama answers at 127.0.0.1:1.' })
    const remedies = readiness.ready ? '' : readiness.remedies.join('\n')
    for (const way of ['ollama serve', 'https://ollama.com/download', 'OLLAMA_HOST'])
      expect(remedies).toContain(way)
  })

  it('on the usual address does not doubt the address', async () => {
    const refuse = () => Promise.reject(new TypeError('fetch failed', { cause: refusal }))
    const readiness = await provider({ baseURL: '127.0.0.1', fetch: refuse }).ready(context())
    expect(readiness).toMatchObject({
      reason: 'No Ollama answers at 127.0.0.1:11434.',
      remedies: [
        'Start it: ollama serve',
        'Install Ollama: https://ollama.com/download',
        'If it runs elsewhere, set OLLAMA_HOST to host:port.',
      ],
    })
  })

  it('on another port of this machine doubts the address first', async () => {
    expect(await provider({ baseURL: '127.0.0.1:1' }).ready(context())).toMatchObject({
      remedies: [
        'Check OLLAMA_HOST (it says 127.0.0.1:1).',
        'Start it: ollama serve',
        expect.stringContaining('ollama.com/download'),
      ],
    })
  })

  it('on another machine that refuses does not speak of this one', async () => {
    const refuse = () => Promise.reject(new TypeError('fetch failed', { cause: refusal }))
    const readiness = await provider({ baseURL: 'gpu-box', fetch: refuse }).ready(context())
    expect(readiness).toMatchObject({
      reason: 'No Ollama answers at gpu-box:11434.',
      remedies: [
        'Check OLLAMA_HOST (it says gpu-box:11434).',
        'On that machine, start Ollama so that others reach it: set OLLAMA_HOST=0.0.0.0 there.',
      ],
    })
  })

  it('with a name that leads nowhere says so', async () => {
    const lookup = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })
    const unknown = () => Promise.reject(new TypeError('fetch failed', { cause: lookup }))
    const readiness = await provider({ baseURL: 'no-such-host.invalid', fetch: unknown }).ready(context())
    expect(readiness).toMatchObject({
      ready: false,
      reason: expect.stringContaining('could not be looked up'),
    })
    const remedies = readiness.ready ? [] : readiness.remedies
    expect(remedies[0]).toBe('Check OLLAMA_HOST (it says no-such-host.invalid:11434).')
    expect(remedies.join()).not.toContain('ollama serve')
  })

  it('with https:// to a server without a certificate says that it speaks no TLS', async () => {
    const plain = await serveHandlers([http.all('*', () => HttpResponse.json({}))])
    try {
      const readiness = await provider({ baseURL: plain.url.replace('http:', 'https:') }).ready(context())
      expect(readiness).toMatchObject({
        ready: false,
        reason: expect.stringContaining('does not speak TLS'),
      })
      const remedies = readiness.ready ? [] : readiness.remedies
      expect(remedies[0]).toMatch(/^Check OLLAMA_HOST \(it says /)
      expect(remedies[1]).toContain('http://')
      expect(remedies.join()).not.toContain('ollama serve')
    } finally {
      await plain.close()
    }
  })

  it.each([
    [
      'a web page',
      new HttpResponse('<html><title>Router</title></html>', { headers: { 'content-type': 'text/html' } }),
    ],
    ['other JSON', HttpResponse.json({ status: 'ok' })],
    ['text', new HttpResponse('hello')],
    ['not found', new HttpResponse('nothing here', { status: 404 })],
    ['a redirect', new HttpResponse(null, { status: 302, headers: { location: 'https://example.org/' } })],
  ])('with something else on the port (%s) says that it is not Ollama', async (_name, response) => {
    const other = await serveHandlers([http.all('*', () => response.clone())])
    try {
      const readiness = await provider({ baseURL: other.url }).ready(context())
      expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining('not Ollama') })
      expect(readiness.ready ? '' : readiness.remedies.join()).toContain('OLLAMA_HOST')
    } finally {
      await other.close()
    }
  })

  it('with a server that lets nobody in says so', async () => {
    double.refuse('/api/version', { status: 401, body: '{"error":"unauthorized"}' })
    expect(await provider().ready(context())).toMatchObject({
      ready: false,
      reason: expect.stringContaining('does not let us in'),
    })
    double.refuse('/api/version', { status: 403, body: '' })
    expect(await provider().ready(context())).toMatchObject({
      ready: false,
      reason: expect.stringContaining('host name'),
    })
  })

  it('for the cloud without a key asks for the key, and nothing is sent', async () => {
    const cloud = ollama({
      baseURL: 'https://ollama.com',
      environment: {},
      fetch: () => Promise.reject(new Error('sent')),
    })
    expect(await cloud.ready(context())).toMatchObject({
      ready: false,
      remedies: [expect.stringContaining('OLLAMA_API_KEY')],
    })
  })
})
