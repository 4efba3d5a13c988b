import { systemClock } from '@openmux/core'
import { refusingProxy } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { openrouter } from '../src/index.js'

const context = { signal: new AbortController().signal, clock: systemClock }

test('everything goes by the proxy that the environment names, and the key does not go to it', async () => {
  await using proxy = await refusingProxy()
  const environment = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789', HTTPS_PROXY: proxy.url }
  const provider = openrouter({ environment })
  await expect(provider.models(context)).rejects.toMatchObject({ code: 'needs-setup', field: 'HTTPS_PROXY' })
  await expect(async () => {
    const request = { model: 'a/b:free', messages: [{ role: 'user' as const, content: 'hi' }] }
    for await (const _event of provider.chat?.(request, context) ?? []);
  }).rejects.toMatchObject({ code: 'needs-setup' })
  await provider.close()
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT openrouter.ai:443']))
})
