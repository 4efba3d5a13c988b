import { serveHandlers } from '@openmux/testkit'
import { HttpResponse, http } from 'msw'
import { describe, expect, it } from 'vitest'
import { ollama } from '../src/index.js'
import { context, withDouble } from './support/with-double.js'

const { double, provider } = await withDouble()

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

  it('with a name that leads nowhere says so', async () => {
    const readiness = await provider({ baseURL: 'no-such-host.invalid:11434' }).ready(context())
    expect(readiness).toMatchObject({ ready: false })
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
