import { interceptHandlers, providerContract, wireScenarios } from '@openmux/testkit'
import { openrouterDouble, openrouterScenarios } from '@openmux/testkit/openrouter'
import { http, HttpResponse } from 'msw'
import { afterAll, describe, it } from 'vitest'
import { openrouter } from '../src/index.js'
import { EMBED_MODEL, KEY, MODEL } from './support/context.js'

const double = openrouterDouble({ apiKey: KEY })
const upstream = interceptHandlers(double.handlers)
upstream.start()
afterAll(() => upstream.stop())

await providerContract({
  describe,
  it,
  name: 'OpenRouter in process',
  create: () => openrouter({ apiKey: KEY, environment: {}, fetch: (input, init) => fetch(input, init) }),
  chatModel: MODEL,
  embedModel: EMBED_MODEL,
  secrets: [KEY],
  upstream,
  reset() {
    upstream.reset()
    double.reset()
  },
  scenarios: {
    ...openrouterScenarios(double),
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
