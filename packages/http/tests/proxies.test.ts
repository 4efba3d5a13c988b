import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Transport, undiciTransport } from '../src/index.js'
import { identityOf } from './support/certificate.js'
import { transportRequest } from './support/context.js'
import { kept } from './support/kept.js'
import { loopbackProxy } from './support/loopback-proxy.js'
import { loopbackServer } from './support/loopback-server.js'
import { errorOf, textOf, until } from './support/outcome.js'
import { secureServer, trust } from './support/secure-server.js'

function transportIn(environment: Record<string, string>, connections?: number): Transport {
  return kept(undiciTransport({ environment, ...(connections !== undefined && { connections }) }))
}

const target = identityOf('target.example')
const proxyItself = identityOf('127.0.0.1')
const stranger = identityOf('stranger.example')
let distrust: () => void
beforeAll(() => {
  distrust = trust(target, proxyItself, stranger)
})
afterAll(() => distrust())

describe('requests by a proxy', () => {
  test('reach a target without TLS, which sees the request as it was', async () => {
    const server = kept(await loopbackServer((_request, response) => void response.end('whole')))
    const proxy = kept(await loopbackProxy({ to: server.port }))
    const transport = transportIn({ HTTP_PROXY: proxy.url.replace('//', '//ann:p%40ss@') })
    const response = await transport.send(
      transportRequest('http://target.example/a?b=c', {
        method: 'POST',
        body: 'x',
        headers: { 'x-own': 'yes' },
      }),
    )
    expect(await textOf(response.body)).toBe('whole')
    expect(proxy.asked).toEqual(['POST http://target.example/a?b=c'])
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
    expect(server.seen[0]).toMatchObject({
      path: '/a?b=c',
      body: 'x',
      headers: { 'x-own': 'yes', host: 'target.example' },
    })
    expect(server.seen[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  test.each([
    ['in clear words', {}],
    ['over TLS', { identity: proxyItself }],
  ])(
    'reach a target with TLS through a tunnel, asked for %s, which shows a host and no more',
    async (_how, script) => {
      const heads: unknown[] = []
      const server = kept(
        await secureServer(target, ({ url, headers }, response) => {
          heads.push(url, headers.host, headers['proxy-authorization'])
          response.write('first ')
          setImmediate(() => response.end('second'))
        }),
      )
      const proxy = kept(await loopbackProxy({ ...script, to: server.port }))
      const transport = transportIn({ https_proxy: proxy.url.replace('//', '//ann:p%40ss@') }, 1)
      for (const path of ['/secret/path', '/again']) {
        const response = await transport.send(transportRequest(`https://target.example${path}`))
        expect(await textOf(response.body)).toBe('first second')
      }
      // Both over one connection.
      expect(proxy.asked).toEqual(['CONNECT target.example:443'])
      expect(proxy.credentials).toEqual([`Basic ${Buffer.from('ann:p@ss').toString('base64')}`])
      expect(heads).toEqual([
        '/secret/path',
        'target.example',
        undefined,
        '/again',
        'target.example',
        undefined,
      ])
    },
  )

  test('check the certificate against the name of the target, and call its fault its own', async () => {
    const server = kept(await secureServer(stranger, (_request, response) => void response.end()))
    const proxy = kept(await loopbackProxy({ to: server.port }))
    const error = await errorOf(
      transportIn({ HTTPS_PROXY: proxy.url }).send(transportRequest('https://target.example/')),
    )
    expect(error).toMatchObject({ code: 'network', scope: 'endpoint' })
    expect(error.message).toContain('The certificate of target.example is not trusted')
  })

  test('go past it on this machine', async () => {
    const server = kept(await loopbackServer((_request, response) => void response.end('whole')))
    const proxy = kept(await loopbackProxy())
    const transport = transportIn({ HTTP_PROXY: proxy.url })
    expect(await textOf((await transport.send(transportRequest(server.url))).body)).toBe('whole')
    expect(proxy.asked).toEqual([])
  })

  test('go past a proxy of the wrong kind on this machine, too', async () => {
    const server = kept(await loopbackServer((_request, response) => void response.end('whole')))
    const transport = transportIn({ HTTP_PROXY: 'socks5://127.0.0.1:1080' })
    expect(await textOf((await transport.send(transportRequest(server.url))).body)).toBe('whole')
  })

  test('keep to the limit on connections', async () => {
    let underWay = 0
    let most = 0
    const server = kept(
      await secureServer(target, (_request, response) => {
        most = Math.max(most, (underWay += 1))
        setTimeout(() => {
          underWay -= 1
          response.end('ok')
        }, 5)
      }),
    )
    const proxy = kept(await loopbackProxy({ to: server.port }))
    const transport = transportIn({ HTTPS_PROXY: proxy.url }, 2)
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () =>
        textOf((await transport.send(transportRequest('https://target.example/'))).body),
      ),
    )
    expect(answers).toEqual(Array.from({ length: 6 }, () => 'ok'))
    expect(most).toBe(2)
    expect(proxy.asked).toHaveLength(2)
  })

  test('run into the limit on stalls, and close the tunnel', async () => {
    const server = kept(await secureServer(target, (_request, response) => void response.write('begun')))
    const proxy = kept(await loopbackProxy({ to: server.port }))
    const response = await transportIn({ HTTPS_PROXY: proxy.url }).send(
      transportRequest('https://target.example/', {
        timeouts: { connectMs: 5_000, headersMs: 0, idleMs: 40 },
      }),
    )
    const error = await errorOf(textOf(response.body))
    expect(error).toMatchObject({ code: 'timeout', phase: 'idle' })
    expect(error.hint).toContain('that HTTPS_PROXY names')
    await until(() => proxy.sockets.size === 0)
  })

  test('leave no connection open after close', async () => {
    const server = kept(await secureServer(target, (_request, response) => void response.end('ok')))
    const proxy = kept(await loopbackProxy({ to: server.port }))
    const transport = transportIn({ HTTPS_PROXY: proxy.url })
    await textOf((await transport.send(transportRequest('https://target.example/'))).body)
    expect(proxy.sockets.size).toBe(1)
    await transport.close()
    await until(() => proxy.sockets.size === 0)
  })
})
