import { type HandlerServer, providerContract, serveHandlers, wireScenarios } from '@openmux/testkit'
import { openaiDouble, openaiScenarios } from '@openmux/testkit/openai'
import { afterAll, describe, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { KEY } from './support/context.js'

const double = openaiDouble()
let server: HandlerServer = await serveHandlers(double.handlers)
afterAll(() => server.close())

await providerContract({
  describe,
  it,
  name: 'openai-compatible over loopback HTTP',
  // No `fetch`: the transport that users get.
  create: () => openaiCompatible({ id: 'double', baseURL: `${server.url}/v1`, apiKey: KEY }),
  chatModel: 'double-chat',
  embedModel: 'double-embed',
  secrets: [KEY],
  upstream: { requests: () => server.requests() },
  reset() {
    server.reset()
    double.reset()
  },
  scenarios: {
    ...openaiScenarios(double),
    ...wireScenarios((...handlers) => server.use(...handlers), {
      inference: /\/(?:chat\/completions|embeddings)$/,
      list: '*/models',
    }),
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
