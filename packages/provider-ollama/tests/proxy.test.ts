import { systemClock } from '@openmux/core'
import { refusingProxy } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { ollama } from '../src/index.js'

test('Ollama’s cloud is asked by the proxy that the environment names', async () => {
  await using proxy = await refusingProxy()
  const provider = ollama({
    environment: { OLLAMA_HOST: 'https://ollama.com', OLLAMA_API_KEY: 'a-key', HTTPS_PROXY: proxy.url },
  })
  await expect(provider.version()).rejects.toMatchObject({ code: 'needs-setup', field: 'HTTPS_PROXY' })
  await provider.close()
  expect(proxy.asked).toEqual(['CONNECT ollama.com:443'])
})

test.each(['http://ollama.invalid:11434', 'http://127.0.0.1:9'])(
  'a server of the user’s own is never asked by a proxy: %s',
  async (baseURL) => {
    await using proxy = await refusingProxy()
    const environment = { HTTP_PROXY: proxy.url, http_proxy: proxy.url, HTTPS_PROXY: proxy.url }
    const provider = ollama({ baseURL, environment })
    // Looking up a name that nobody has may take a while.
    const hasty = { signal: AbortSignal.timeout(1_000), clock: systemClock }
    await expect(provider.models(hasty)).rejects.toMatchObject({ provider: 'ollama' })
    await provider.close()
    expect(proxy.asked).toEqual([])
  },
)
