import { createOpenMux, systemClock } from '@openmux/core'
import { refusingProxy, scriptedProvider } from '@openmux/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { openaiCompatible } from '../src/index.js'

const context = { signal: new AbortController().signal, clock: systemClock }
const service = { id: 'service', baseURL: 'https://service.example/v1' } as const
afterEach(() => vi.unstubAllEnvs())

test('a service is asked by the proxy of the environment given, and not by that of the process', async () => {
  await using proxy = await refusingProxy()
  await using other = await refusingProxy()
  vi.stubEnv('HTTPS_PROXY', other.url)
  const provider = openaiCompatible({ ...service, environment: { HTTPS_PROXY: proxy.url } })
  await expect(provider.models(context)).rejects.toMatchObject({ code: 'needs-setup', provider: 'service' })
  await provider.close()
  expect(proxy.asked).toEqual(['CONNECT service.example:443'])
  expect(other.asked).toEqual([])
})

test('a service is asked by the proxy of the process where no environment is given', async () => {
  await using proxy = await refusingProxy()
  vi.stubEnv('https_proxy', proxy.url)
  const provider = openaiCompatible(service)
  await expect(provider.models(context)).rejects.toMatchObject({ field: 'https_proxy' })
  await provider.close()
  expect(proxy.asked).toEqual(['CONNECT service.example:443'])
})

test('a server of the user’s own is never asked by a proxy, whatever its name', async () => {
  await using proxy = await refusingProxy()
  const environment = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url }
  const baseURL = 'http://models.invalid/v1'
  const provider = openaiCompatible({ id: 'own', baseURL, locality: 'local', environment })
  // Looking up a name that nobody has may take a while.
  const hasty = { ...context, signal: AbortSignal.timeout(1_000) }
  await expect(provider.models(hasty)).rejects.toMatchObject({ provider: 'own' })
  await provider.close()
  expect(proxy.asked).toEqual([])
})

test('a proxy that is gone stops nobody who runs here, and is no mark against the service', async () => {
  const proxy = await refusingProxy()
  await proxy[Symbol.asyncDispose]()
  const remote = openaiCompatible({
    ...service,
    models: ['big'],
    tasks: ['chat'],
    environment: { HTTPS_PROXY: proxy.url },
  })
  // Otherwise it would not even be tried.
  const eager = { ...remote, ready: async () => ({ ready: true as const }) }
  const near = scriptedProvider({ id: 'near', chats: Array.from({ length: 8 }, () => ['hello']) })
  await using mux = createOpenMux({ providers: [eager, near], prefer: ['service'] })
  const first = await mux.chat('Say hello.')
  expect(first).toMatchObject({ text: 'hello', provider: 'near' })
  expect(first.attempts.map(({ provider, code }) => [provider, code])).toEqual([
    ['service', 'network'],
    ['near', undefined],
  ])
  for (let turn = 0; turn < 7; turn += 1) expect((await mux.chat('Again.')).provider).toBe('near')
  expect((await mux.forecast()).breakers).toEqual([])
})

test('a proxy that is gone keeps nobody else from being asked, near or far', async () => {
  const proxy = await refusingProxy()
  await proxy[Symbol.asyncDispose]()
  const environment = { HTTPS_PROXY: proxy.url }
  const behind = openaiCompatible({ ...service, models: ['big'], tasks: ['chat'], environment })
  const eager = { ...behind, ready: async () => ({ ready: true as const }) }
  const beside = scriptedProvider({ id: 'beside', locality: 'remote', chats: [['hello'], ['again']] })
  await using mux = createOpenMux({ providers: [eager, beside], prefer: ['service'] })
  const { text, attempts } = await mux.chat('Say hello.')
  expect(text).toBe('hello')
  expect(attempts.map(({ provider }) => provider)).toEqual(['service', 'beside'])
  expect(mux.online().online).toBe(true)
  expect((await mux.chat('Once more.')).text).toBe('again')
})

test.each([
  ['is gone', undefined],
  ['asks for a password', 407],
  ['cannot reach it', 502],
])(
  'a proxy that %s is what is to be set right, and not the address of the service',
  async (_what, status) => {
    const proxy = await refusingProxy(status)
    if (status === undefined) await proxy[Symbol.asyncDispose]()
    const provider = openaiCompatible({ ...service, environment: { HTTPS_PROXY: proxy.url } })
    const readiness = await provider.ready(context)
    await provider.close()
    if (status !== undefined) await proxy[Symbol.asyncDispose]()
    expect(readiness).toMatchObject({
      ready: false,
      reason: expect.stringMatching(/^The proxy 127\.0\.0\.1/),
    })
    expect(JSON.stringify(readiness)).toContain(status === 407 ? 'HTTPS_PROXY' : 'NO_PROXY')
    expect(JSON.stringify(readiness)).not.toContain('baseURL')
  },
)
