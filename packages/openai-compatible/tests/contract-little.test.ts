import { interceptHandlers, providerContract, wireScenarios } from '@openmux/testkit'
import { openaiDouble, openaiScenarios } from '@openmux/testkit/openai'
import { afterAll, describe, it } from 'vitest'
import { openaiCompatible } from '../src/index.js'

// A provider that declares little: plain answers instead of streams, nothing beside text.
const double = openaiDouble()
const upstream = interceptHandlers(double.handlers)
upstream.start()
afterAll(() => upstream.stop())

const {
  cutMidStream: _cut,
  errorMidStream: _error,
  stallsMidStream: _stalls,
  ...scenarios
} = openaiScenarios(double)

await providerContract({
  describe,
  it,
  name: 'openai-compatible without streaming and tools',
  create: () =>
    openaiCompatible({
      id: 'little',
      baseURL: 'http://127.0.0.1:1234/v1',
      tasks: ['chat', 'code'],
      models: ['double-chat'],
      supports: {
        streaming: false,
        tools: false,
        json: false,
        jsonSchema: false,
        vision: false,
        reasoning: false,
        seed: false,
      },
      fetch: (input, init) => fetch(input, init),
    }),
  chatModel: 'double-chat',
  upstream,
  reset() {
    upstream.reset()
    double.reset()
  },
  scenarios: { ...scenarios, ...wireScenarios(upstream.use, { inference: '*/chat/completions' }) },
})
