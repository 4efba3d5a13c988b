import { type HandlerServer, providerContract, serveHandlers, wireScenarios } from '@openmux/testkit'
import {
  hfEndpointDouble,
  type HfEndpointDoubleOptions,
  hfEndpointScenarios,
} from '@openmux/testkit/hf-remote'
import { afterAll, describe, it } from 'vitest'
import { hfEndpoint, type HfEndpointOptions } from '../src/index.js'
import { TOKEN } from './support/context.js'

await contractOf('vLLM chat', { container: 'vllm' }, { task: 'chat', model: 'example/model' })
await contractOf('TGI chat, model by its list', { container: 'tgi' }, { task: 'chat' })
await contractOf('TEI embeddings', { container: 'tei' }, { task: 'embeddings' })

async function contractOf(
  name: string,
  made: HfEndpointDoubleOptions,
  options: Omit<HfEndpointOptions, 'url'>,
): Promise<void> {
  const double = hfEndpointDouble({ ...made, token: TOKEN })
  let server: HandlerServer = await serveHandlers(double.handlers)
  afterAll(() => server.close())
  const isChat = options.task === 'chat'
  await providerContract({
    describe,
    it,
    name: `hf-endpoint over loopback HTTP, ${name}`,
    create: () => hfEndpoint({ ...options, url: server.url, token: TOKEN }),
    ...(isChat
      ? { chatModel: made.container === 'tgi' ? 'tgi' : 'example/model' }
      : { embedModel: 'BAAI/bge-small-en-v1.5' }),
    secrets: [TOKEN],
    upstream: { requests: () => server.requests() },
    reset() {
      server.reset()
      double.reset()
    },
    scenarios: {
      ...hfEndpointScenarios(double),
      ...wireScenarios((...handlers) => server.use(...handlers), {
        inference: /\/(?:chat\/completions|embed|embeddings)$/,
      }),
      garbledList: { cannotOccur: 'an endpoint serves one model' },
      async serverDown() {
        const { port } = server
        await server.close()
        return {
          async restore() {
            server = await serveHandlers(double.handlers, { port })
          },
        }
      },
    },
  })
}
