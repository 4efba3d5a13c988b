import { systemClock } from '@openmux/core'
import { refusingProxy } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { hfEndpoint, hfRemote } from '../src/index.js'

const context = { signal: new AbortController().signal, clock: systemClock }
const messages = [{ role: 'user' as const, content: 'hi' }]

test('router and hub are asked by the proxy that the environment names', async () => {
  await using proxy = await refusingProxy()
  const provider = hfRemote({ environment: { HF_TOKEN: 'hf_0123456789', HTTPS_PROXY: proxy.url } })
  await expect(provider.models(context)).rejects.toMatchObject({ code: 'needs-setup', field: 'HTTPS_PROXY' })
  await expect(async () => {
    for await (const _event of provider.chat?.({ model: 'a/b', messages }, context) ?? []);
  }).rejects.toMatchObject({ code: 'needs-setup' })
  await provider.close()
  expect(new Set(proxy.asked)).toEqual(
    new Set(['CONNECT router.huggingface.co:443', 'CONNECT huggingface.co:443']),
  )
})

test.each(['chat', 'embeddings'] as const)('an endpoint for %s is asked by it, too', async (task) => {
  await using proxy = await refusingProxy()
  const provider = hfEndpoint({
    url: 'https://abc.us-east-1.aws.endpoints.huggingface.cloud',
    task,
    scaleUpTimeoutMs: 0,
    environment: { HF_TOKEN: 'hf_0123456789', HTTPS_PROXY: proxy.url },
  })
  await expect(provider.models(context)).rejects.toMatchObject({ code: 'needs-setup', field: 'HTTPS_PROXY' })
  await provider.close()
  expect(new Set(proxy.asked)).toEqual(new Set(['CONNECT abc.us-east-1.aws.endpoints.huggingface.cloud:443']))
})
