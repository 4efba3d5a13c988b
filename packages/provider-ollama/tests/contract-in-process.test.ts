import { interceptHandlers, providerContract } from '@openmux/testkit'
import { ollamaDouble } from '@openmux/testkit/ollama'
import { HttpResponse, http } from 'msw'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { ollama } from '../src/index.js'
import { CHAT_MODEL, EMBED_MODEL, ollamaScenarios } from './support/contract.js'

const double = ollamaDouble()
const interceptor = interceptHandlers(double.handlers)
beforeAll(() => interceptor.start())
afterAll(() => interceptor.stop())

await providerContract({
  describe,
  it,
  name: 'Ollama in process',
  create: () =>
    ollama({
      baseURL: 'http://ollama.test:11434',
      fetch: globalThis.fetch,
      environment: {},
      memoryBytes: 16e9,
    }),
  chatModel: CHAT_MODEL,
  embedModel: EMBED_MODEL,
  upstream: interceptor,
  reset() {
    double.reset()
    interceptor.reset()
  },
  scenarios: ollamaScenarios(double, interceptor.use, () => {
    interceptor.use(http.all('*', () => HttpResponse.error()))
    return { restore: () => interceptor.reset() }
  }),
})
