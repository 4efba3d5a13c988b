import { type HandlerServer, providerContract, serveHandlers } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { afterAll, describe, it } from 'vitest'
import { ollama } from '../src/index.js'
import { CHAT_MODEL, EMBED_MODEL, ollamaScenarios } from './support/contract.js'

const KEY = 'loopback-key-4711-abcdef'
const double = ollamaDouble({ version: '0.33.0' })
let server: HandlerServer = await serveHandlers(double.handlers)
afterAll(() => server.close())

await providerContract({
  describe,
  it,
  name: 'Ollama over loopback HTTP, newer server',
  create: () => ollama({ baseURL: server.url, apiKey: KEY, environment: {}, memoryBytes: 16e9 }),
  chatModel: CHAT_MODEL,
  embedModel: EMBED_MODEL,
  secrets: [KEY],
  upstream: { requests: () => server.requests() },
  reset() {
    double.reset()
    server.reset()
  },
  scenarios: ollamaScenarios(
    double,
    (...handlers) => server.use(...handlers),
    async () => {
      const { port } = server
      await server.close()
      return {
        restore: async () => {
          // Called by the test and again after it.
          await server.close()
          server = await serveHandlers(double.handlers, { port })
        },
      }
    },
  ),
})
