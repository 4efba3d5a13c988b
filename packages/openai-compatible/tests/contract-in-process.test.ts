import { interceptHandlers, providerContract, wireScenarios } from '@openmux/testkit'
import { openaiDouble, openaiScenarios } from '@openmux/testkit/openai'
import { http, HttpResponse } from 'msw'
import { afterAll, describe, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'
import { KEY } from './support/context.js'

const double = openaiDouble()
const upstream = interceptHandlers(double.handlers)
upstream.start()
afterAll(() => upstream.stop())

await providerContract({
  describe,
  it,
  name: 'openai-compatible in process',
  create: () =>
    openaiCompatible({
      id: 'double',
      baseURL: 'https://upstream.test/v1',
      apiKey: KEY,
      fetch: (input, init) => fetch(input, init),
    }),
  chatModel: 'double-chat',
  embedModel: 'double-embed',
  secrets: [KEY],
  upstream,
  reset() {
    upstream.reset()
    double.reset()
  },
  scenarios: {
    ...openaiScenarios(double),
    ...wireScenarios(upstream.use, {
      inference: /\/(?:chat\/completions|embeddings)$/,
      list: '*/models',
    }),
    serverDown() {
      upstream.use(http.all('*', () => HttpResponse.error()))
      return { restore: () => upstream.reset() }
    },
  },
})
