import { createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { createHttpClient, type Transport, type TransportRequest, undiciTransport } from '../src/index.js'
import { identityOf } from './support/certificate.js'
import { callContext, transportRequest } from './support/context.js'
import { kept } from './support/kept.js'
import { loopbackProxy, type ProxyScript } from './support/loopback-proxy.js'
import { loopbackServer } from './support/loopback-server.js'
import { errorOf, until } from './support/outcome.js'
import { secureServer, trust } from './support/secure-server.js'

const proxyThat = async (script: ProxyScript) => kept(await loopbackProxy(script))
const transportIn = (environment: Record<string, string>): Transport => kept(undiciTransport({ environment }))

const HTTPS = 'https://target.example/v1'
const HTTP = 'http://target.example/v1'

/** Takes connections through a proxy and never says a word, so that a TLS handshake never ends. */
async function silentTarget(): Promise<{ port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined).resume()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Takes connections and gives them up at the first word. */
async function hangingUp(): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer(
    (socket) => void socket.on('error', () => undefined).once('data', () => socket.end()),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

describe('a proxy that does not let a request through', () => {
  test.each([
    ['refuses it', 403, HTTPS, 'HTTPS_PROXY', { code: 'needs-setup', scope: 'provider' }],
    ['cannot reach the target', 502, HTTPS, 'HTTPS_PROXY', { code: 'network', scope: 'endpoint' }],
    ['asks for a password', 407, HTTPS, 'HTTPS_PROXY', { code: 'needs-setup', scope: 'machine' }],
    ['asks for a password', 407, HTTP, 'HTTP_PROXY', { code: 'needs-setup', scope: 'machine' }],
  ])('because it %s (%i, %s) is named in the error', async (_what, refuse, url, variable, expected) => {
    const proxy = await proxyThat({ refuse })
    const error = await errorOf(transportIn({ [variable]: proxy.url }).send(transportRequest(url)))
    expect(error).toMatchObject({ ...expected, next: 'elsewhere' })
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} that ${variable} names`)
    expect(error.message).toContain(`status ${refuse}`)
    await until(() => proxy.sockets.size === 0)
  })

  test.each([
    ['closes the connection', 'hangs-up', HTTPS, 'it closed the connection'],
    ['closes the connection', 'hangs-up', HTTP, undefined],
  ] as const)('because it %s (%s, %s) is told', async (_what, refuse, url, words) => {
    const proxy = await proxyThat({ refuse })
    const error = await errorOf(
      transportIn({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url }).send(transportRequest(url)),
    )
    expect(error).toMatchObject({ code: 'network', next: words === undefined ? 'here' : 'elsewhere' })
    if (words !== undefined) expect(error.message).toContain(words)
    // It had been given the whole request: whose fault it is cannot be told, but the way it went can.
    else expect(error.hint).toContain(`by the proxy 127.0.0.1:${proxy.port} that HTTP_PROXY names`)
  })

  test.each([
    [HTTPS, 'https_proxy'],
    [HTTP, 'http_proxy'],
  ])('because it is not there is this machine’s trouble (%s)', async (url, variable) => {
    const gone = await loopbackProxy()
    await gone.close()
    const address = gone.url.replace('//', '//ann:hunter22@')
    const error = await errorOf(transportIn({ [variable]: address }).send(transportRequest(url)))
    expect(error).toMatchObject({ code: 'network', scope: 'machine', next: 'elsewhere' })
    expect(error.message).toContain(
      `The proxy 127.0.0.1:${gone.port} that ${variable} names could not be used`,
    )
    expect(JSON.stringify([error, String(error.cause)])).not.toMatch(/hunter22|ann/)
  })

  test('because its own certificate is not trusted is its fault and not that of the target', async () => {
    const proxy = await proxyThat({ identity: identityOf('127.0.0.1') })
    for (const url of [HTTPS, HTTP]) {
      const transport = transportIn({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url })
      const error = await errorOf(transport.send(transportRequest(url)))
      expect(error).toMatchObject({ code: 'network', scope: 'machine' })
      expect(error.message).toContain('The proxy 127.0.0.1')
      expect(error.hint).toContain('NODE_EXTRA_CA_CERTS')
    }
  })

  test('because it does not speak TLS tells of http://', async () => {
    const plain = await proxyThat({})
    const address = plain.url.replace('http:', 'https:')
    for (const [url, variable] of [
      [HTTPS, 'HTTPS_PROXY'],
      [HTTP, 'HTTP_PROXY'],
    ] as const) {
      const error = await errorOf(transportIn({ [variable]: address }).send(transportRequest(url)))
      expect(error).toMatchObject({ code: 'network', scope: 'machine', field: variable })
      expect(error.message).toContain('it does not speak TLS.')
      expect(error.hint).toContain(`http://127.0.0.1:${plain.port}`)
    }
  })

  test.each([HTTPS, HTTP])('because it wants what OpenMux cannot give names a way out (%s)', async (url) => {
    const proxy = await proxyThat({ refuse: 407, challenge: 'Negotiate, NTLM' })
    const transport = transportIn({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url })
    const error = await errorOf(transport.send(transportRequest(url)))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'machine' })
    expect(error.message).toContain('wants Negotiate or NTLM')
    expect(error.hint).not.toContain('user:password')
  })

  test('because it wants one of several is told of user and password', async () => {
    const proxy = await proxyThat({ refuse: 407, challenge: 'NTLM, Basic realm="all"' })
    const error = await errorOf(transportIn({ HTTPS_PROXY: proxy.url }).send(transportRequest(HTTPS)))
    expect(error.hint).toContain('user:password@')
  })

  test.each([
    ['ends it', async () => kept(await hangingUp())],
    ['sends no TLS', async () => kept(await loopbackServer((_request, response) => void response.end()))],
  ])('and a target that %s behind an open tunnel is not this machine’s trouble', async (_what, started) => {
    const target = await started()
    const proxy = await proxyThat({ to: target.port })
    const error = await errorOf(transportIn({ HTTPS_PROXY: proxy.url }).send(transportRequest(HTTPS)))
    expect(error).toMatchObject({ code: 'network', scope: 'endpoint', next: 'elsewhere' })
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} that HTTPS_PROXY names`)
    expect(error.message).toContain('to target.example:443')
    expect(error.message).not.toMatch(/openssl|error:/)
    await until(() => proxy.sockets.size === 0)
  })

  test('because it accepts neither user nor password does not show them', async () => {
    const proxy = await proxyThat({ refuse: 407 })
    const transport = transportIn({ HTTPS_PROXY: proxy.url.replace('//', '//ann:hunter22@') })
    const error = await errorOf(transport.send(transportRequest(HTTPS)))
    expect(error.message).toContain('does not accept this user and password')
    expect(error.hint).toContain(`user:password@127.0.0.1:${proxy.port}`)
    expect(JSON.stringify([error, String(error.cause)])).not.toMatch(/hunter22|ann:/)
  })
})

test('what a proxy repeats of a key that stands for its user is not shown', async () => {
  const proxy = kept(
    await loopbackServer((_request, response) => void response.writeHead(403).end('Not for a-k@y-of-mine.')),
  )
  const address = proxy.url.replace('//', '//a-k%40y-of-mine@')
  const client = createHttpClient({ provider: 'p', baseURL: HTTP, environment: { HTTP_PROXY: address } })
  const error = await errorOf(client.json({ path: 'models', context: callContext() }))
  await client.close()
  expect(error.message).toContain('Not for [redacted]')
})

test('what a proxy repeats of its user and password is not shown', async () => {
  const proxy = kept(
    await loopbackServer(({ headers }, response) => {
      const encoded = String(headers['proxy-authorization']).slice('Basic '.length)
      response.writeHead(403).end(`You, ${encoded}, have hunt@r22 as password (hunt%40r22).`)
    }),
  )
  const address = proxy.url.replace('//', '//ann:hunt%40r22@')
  for (const path of ['models', 'models?with=query']) {
    const client = createHttpClient({ provider: 'p', baseURL: HTTP, environment: { HTTP_PROXY: address } })
    const error = await errorOf(client.json({ path, context: callContext() }))
    await client.close()
    expect(error.message).toContain('You, [redacted], have [redacted] as password ([redacted])')
    expect(JSON.stringify(error)).not.toMatch(/hunt|YW5u/)
  }
})

describe('a proxy that keeps silent', () => {
  const limited: Partial<TransportRequest> = { timeouts: { connectMs: 50, headersMs: 0, idleMs: 0 } }

  test('runs into the limit on connecting, as the trouble of this machine', async () => {
    const proxy = await proxyThat({ refuse: 'silent' })
    const error = await errorOf(
      transportIn({ HTTPS_PROXY: proxy.url }).send(transportRequest(HTTPS, limited)),
    )
    expect(error).toMatchObject({ code: 'timeout', phase: 'connect', scope: 'machine' })
    expect(error.message).toContain(`The proxy 127.0.0.1:${proxy.port} that HTTPS_PROXY names`)
    await until(() => proxy.sockets.size === 0)
  })

  test('does so once, however many steps the way has', async () => {
    const target = kept(await silentTarget())
    const proxy = await proxyThat({ to: target.port })
    const transport = transportIn({ HTTPS_PROXY: proxy.url })
    expect(await errorOf(transport.send(transportRequest(HTTPS, limited)))).toMatchObject({ code: 'timeout' })
    await until(() => proxy.sockets.size === 0)
  })

  test.each([
    ['while it is asked', { refuse: 'silent' }, HTTPS],
    ['while the target shakes hands', {}, HTTPS],
    ['after it was given the request', { refuse: 'silent' }, HTTP],
  ] as const)('is left at once when the caller leaves %s', async (_when, script, url) => {
    const target = kept(await silentTarget())
    const proxy = await proxyThat({ ...script, to: target.port })
    const caller = new AbortController()
    const transport = transportIn({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url })
    const sent = errorOf(transport.send(transportRequest(url, { signal: caller.signal })))
    await until(() => proxy.asked.length > 0)
    const leftAt = performance.now()
    caller.abort()
    expect((await sent).code).toBe('aborted')
    expect(performance.now() - leftAt).toBeLessThan(50)
    await until(() => proxy.sockets.size === 0)
  })

  test.each([
    ['while it is asked', { refuse: 'silent' }],
    ['while the target shakes hands', {}],
  ] as const)('is closed with the transport %s', async (_when, script) => {
    const target = kept(await silentTarget())
    const proxy = await proxyThat({ ...script, to: target.port })
    const transport = transportIn({ HTTPS_PROXY: proxy.url })
    const sent = errorOf(transport.send(transportRequest(HTTPS)))
    await until(() => proxy.asked.length > 0)
    await transport.close()
    expect((await sent).code).toBe('aborted')
    await until(() => proxy.sockets.size === 0)
  })

  test('holds no place of a limited pool once the caller has left', async () => {
    const target = kept(await silentTarget())
    const proxy = await proxyThat({ to: target.port })
    const transport = kept(undiciTransport({ environment: { HTTPS_PROXY: proxy.url }, connections: 1 }))
    for (let turn = 1; turn <= 3; turn += 1) {
      expect(await errorOf(transport.send(transportRequest(HTTPS, limited)))).toMatchObject({
        code: 'timeout',
      })
      expect(proxy.asked).toHaveLength(turn)
    }
  })
})

describe('a variable that holds no proxy OpenMux can go by', () => {
  test.each([
    ['a SOCKS proxy', 'socks5://ann:hunter22@127.0.0.1:1080', 'names a SOCKS proxy'],
    ['no address', 'http://ann:hunter22@[nowhere', 'holds no address'],
    ['a password that is not encoded', 'http://ann:2024#hunter22@127.0.0.1:1080', 'before the @'],
    ['a password that is not encoded', 'http://ann:2024/hunter22@127.0.0.1:1080', 'before the @'],
    ['a user that is not encoded', 'http://CORP\\ann:hunter22@127.0.0.1:1080', 'before the @'],
    ['another protocol', 'ftp://ann:hunter22@127.0.0.1', 'neither http:// nor https://'],
  ])('(%s) is named, and what it holds is not', async (_what, address, words) => {
    const error = await errorOf(transportIn({ HTTPS_PROXY: address }).send(transportRequest(HTTPS)))
    expect(error).toMatchObject({
      code: 'needs-setup',
      scope: 'machine',
      next: 'elsewhere',
      field: 'HTTPS_PROXY',
    })
    expect(error.message).toContain('HTTPS_PROXY')
    expect(error.message).toContain(words)
    expect(error.hint).toContain('NO_PROXY')
    expect(JSON.stringify([error, String(error.cause)])).not.toMatch(/hunter22|ann:|2024/)
  })
})

test('a target that answers 407 through a tunnel is heard itself', async () => {
  const identity = identityOf('target.example')
  const distrust = trust(identity)
  const server = kept(
    await secureServer(identity, (_request, response) => void response.writeHead(407).end()),
  )
  const proxy = await proxyThat({ to: server.port })
  const response = await transportIn({ HTTPS_PROXY: proxy.url }).send(transportRequest(HTTPS))
  expect(response.status).toBe(407)
  await response.cancel()
  distrust()
})
