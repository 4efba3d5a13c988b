import { connect } from 'node:net'
import { http, HttpResponse } from 'msw'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type HandlerServer, serveHandlers, type ServeOptions, streamBody } from '../src/index.js'

const open: HandlerServer[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

async function serve(
  handlers: Parameters<typeof serveHandlers>[0],
  options?: ServeOptions,
): Promise<HandlerServer> {
  const server = await serveHandlers(handlers, options)
  open.push(server)
  return server
}

describe('serveHandlers', () => {
  it('answers like the handlers say: status, headers, cookies, body', async () => {
    const server = await serve([
      http.post('*/say/:word', async ({ request, params }) => {
        const headers = new Headers({ 'x-kind': 'echo' })
        headers.append('set-cookie', 'a=1')
        headers.append('set-cookie', 'b=2')
        const body = `${String(params['word'])} ${await request.text()} ${request.headers.get('x-in') ?? ''}`
        return new HttpResponse(body, { status: 201, statusText: 'Said', headers })
      }),
    ])
    const answer = await fetch(`${server.url}/say/hello?loud=1`, {
      method: 'POST',
      body: 'wörld',
      headers: { 'x-in': 'in' },
    })
    expect([answer.status, answer.statusText, answer.headers.get('x-kind')]).toEqual([201, 'Said', 'echo'])
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
    expect(await answer.text()).toBe('hello wörld in')
    expect(server.requests()).toMatchObject([
      {
        method: 'POST',
        path: '/say/hello?loud=1',
        host: server.host,
        body: 'wörld',
        open: false,
        abandoned: false,
      },
    ])
  })

  it('sends a body piece by piece, headers before the first', async () => {
    let release: (() => void) | undefined
    const gate = new Promise<void>((resolve) => {
      release = resolve
    })
    const words = ['one', 'two']
    const body = new ReadableStream<Uint8Array>(
      {
        async pull(controller) {
          const word = words.shift()
          if (word === undefined) return controller.close()
          if (word === 'two') await gate
          controller.enqueue(new TextEncoder().encode(word))
        },
      },
      { highWaterMark: 0 },
    )
    const server = await serve([http.get('*/slow', () => new HttpResponse(body))])
    const answer = await fetch(`${server.url}/slow`)
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const text = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value)
    expect(await text()).toBe('one')
    expect(server.requests()[0]?.open).toBe(true)
    release?.()
    expect(await text()).toBe('two')
    expect((await reader.read()).done).toBe(true)
    await vi.waitFor(() => expect(server.requests()[0]?.open).toBe(false))
  })

  it('cuts the socket in the middle when the stream of a handler breaks', async () => {
    const server = await serve([http.get('*/cut', () => new HttpResponse(streamBody(['some'], 'cut')))])
    const raw = await rawExchange(server.port, 'GET /cut HTTP/1.1\r\nHost: x\r\n\r\n')
    expect(raw).toContain('200 OK')
    expect(raw).toContain('some')
    // A chunked body that is whole ends with an empty chunk.
    expect(raw).not.toContain('\r\n0\r\n\r\n')
    await expect((await fetch(`${server.url}/cut`)).text()).rejects.toThrow('terminated')
  })

  it('destroys the socket before any byte for a network error', async () => {
    const server = await serve([http.get('*/gone', () => HttpResponse.error())])
    expect(await rawExchange(server.port, 'GET /gone HTTP/1.1\r\nHost: x\r\n\r\n')).toBe('')
    await expect(fetch(`${server.url}/gone`)).rejects.toThrow('fetch failed')
  })

  it('tells the handler when the client leaves: signal aborted, stream cancelled', async () => {
    let aborted = false
    let cancelled = false
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode('some')),
      cancel: () => {
        cancelled = true
      },
    })
    const server = await serve([
      http.get('*/stall', ({ request }) => {
        request.signal.addEventListener('abort', () => {
          aborted = true
        })
        return new HttpResponse(body)
      }),
    ])
    const leaving = new AbortController()
    const answer = await fetch(`${server.url}/stall`, { signal: leaving.signal })
    await (answer.body as ReadableStream<Uint8Array>).getReader().read()
    leaving.abort()
    await vi.waitFor(() => expect([aborted, cancelled]).toEqual([true, true]))
    expect(server.requests()).toMatchObject([{ open: false, abandoned: true }])
  })

  it('tells a handler that never answers, too', async () => {
    const server = await serve([http.get('*/never', () => new Promise<Response>(() => undefined))])
    const leaving = new AbortController()
    const pending = fetch(`${server.url}/never`, { signal: leaving.signal })
    await vi.waitFor(() => expect(server.requests()).toMatchObject([{ open: true }]))
    leaving.abort()
    await expect(pending).rejects.toThrow('aborted')
    await vi.waitFor(() => expect(server.requests()).toMatchObject([{ open: false, abandoned: true }]))
  })

  it('says which request had no handler, and which handler threw', async () => {
    const server = await serve([
      http.get('*/bug', () => {
        throw new Error('a bug in the double')
      }),
      http.get('*/thrown', () => {
        // MSW's way out of a nested function.
        throw HttpResponse.json({ error: 'refused' }, { status: 418 }) as unknown as Error
      }),
    ])
    const missing = await fetch(`${server.url}/data.json`)
    expect([missing.status, await missing.text()]).toEqual([
      501,
      'The double has no handler for GET /data.json',
    ])
    expect(server.unhandled).toEqual(['GET /data.json'])
    const bug = await fetch(`${server.url}/bug`)
    expect([bug.status, await bug.text()]).toEqual([500, expect.stringContaining('a bug in the double')])
    expect((await fetch(`${server.url}/thrown`)).status).toBe(418)
  })

  it('answers HEAD without a body and keeps its headers', async () => {
    const server = await serve([
      http.head('*/file', () => new HttpResponse(null, { headers: { 'content-length': '5000' } })),
    ])
    const answer = await fetch(`${server.url}/file`, { method: 'HEAD' })
    expect([answer.headers.get('content-length'), await answer.text()]).toEqual(['5000', ''])
  })

  it('takes other handlers for a while, one-time ones once, and goes back', async () => {
    const server = await serve([http.get('*/who', () => HttpResponse.text('usual'))])
    const ask = async (): Promise<string> => (await fetch(`${server.url}/who`)).text()
    server.use(http.get('*/who', () => HttpResponse.text('once'), { once: true }))
    expect([await ask(), await ask()]).toEqual(['once', 'usual'])
    server.use(http.get('*/who', () => HttpResponse.text('other')))
    expect(await ask()).toBe('other')
    server.reset()
    expect(server.requests()).toEqual([])
    expect(await ask()).toBe('usual')
  })

  it('counts sockets, cuts them, closes, and comes back at the same address', async () => {
    const handlers = [http.get('*/who', () => HttpResponse.text('here'))]
    const server = await serve(handlers)
    const socket = connect(server.port, '127.0.0.1').on('error', () => undefined)
    await vi.waitFor(() => expect(server.connections()).toBe(1))
    server.cutConnections()
    await vi.waitFor(() => expect([server.connections(), socket.destroyed]).toEqual([0, true]))
    expect((await fetch(`${server.url}/who`)).status).toBe(200)
    await Promise.all([server.close(), server.close()])
    await expect(fetch(`${server.url}/who`)).rejects.toThrow('fetch failed')
    const again = await serve(handlers, { port: server.port })
    expect(again.url).toBe(server.url)
    expect(await (await fetch(`${again.url}/who`)).text()).toBe('here')
  })

  it('refuses a port that is taken', async () => {
    const server = await serve([])
    await expect(serveHandlers([], { port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})

/** Everything a server sends on one connection until it is closed. */
function rawExchange(port: number, request: string): Promise<string> {
  return new Promise((resolve) => {
    let received = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(request))
    socket.setEncoding('utf8')
    socket.on('data', (text) => {
      received += String(text)
    })
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(received))
  })
}

describe('a body without an end', () => {
  it('is no longer made once the client has left', async () => {
    let made = 0
    const piece = new Uint8Array(1 << 20)
    const endless = (): ReadableStream<Uint8Array> =>
      new ReadableStream({
        pull(controller) {
          made += 1
          // The test, and the machine, must survive a failure.
          if (made > 1_000) controller.close()
          else controller.enqueue(piece)
        },
      })
    const server = await serveHandlers([http.get('*', () => new HttpResponse(endless()))])
    const controller = new AbortController()
    const response = await fetch(server.url, { signal: controller.signal })
    await response.body?.getReader().read()
    controller.abort()
    await expect.poll(() => server.requests()[0]?.open).toBe(false)
    expect(made).toBeLessThan(500)
    await server.close()
  })
})
