import { createOpenMux, systemClock } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { afterEach, expect, test, vi } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { refusingProxy } from './support/refusing-proxy.js'

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
