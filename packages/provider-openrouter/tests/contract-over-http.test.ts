import { type HandlerServer, providerContract, serveHandlers, wireScenarios } from '@openmux/testkit'
import { openrouterDouble, openrouterScenarios } from '@openmux/testkit/openrouter'
import { afterAll, describe, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { EMBED_MODEL, KEY, MODEL } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
let server: HandlerServer = await serveHandlers(double.handlers)
afterAll(() => server.close())

await providerContract({
  describe,
  it,
  name: 'OpenRouter over loopback HTTP',
  // No `fetch`: the transport that users get.
  create: () => openrouter({ baseURL: `${server.url}/api/v1`, apiKey: KEY, environment: {} }),
  chatModel: MODEL,
  embedModel: EMBED_MODEL,
  secrets: [KEY],
  upstream: { requests: () => server.requests() },
  reset() {
    server.reset()
    double.reset()
  },
  scenarios: {
    ...openrouterScenarios(double),
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
