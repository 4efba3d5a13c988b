import { providerContract, serveHandlers } from '@openmux/testkit'
import { type LastAssistant, openaiDouble, openaiScenarios } from '@openmux/testkit/openai'
import { afterAll, describe, it } from 'vitest'
import { openaiCompatible, type PresetName } from '../src/index.js'
import { KEY } from './support/context.js'

/** The presets that declare it, and what their servers make of an assistant message at the end. */
const CONTINUING: readonly (readonly [PresetName, LastAssistant])[] = [
  ['vllm', 'flagged'],
  ['llama-cpp', 'continued'],
  ['groq', 'continued'],
]

for (const [preset, lastAssistant] of CONTINUING) {
  const double = openaiDouble({ lastAssistant })
  const server = await serveHandlers(double.handlers)
  afterAll(() => server.close())

  await providerContract({
    describe,
    it,
    name: `openai-compatible, preset ${preset}, a begun answer`,
    create: () => openaiCompatible({ preset, baseURL: `${server.url}/v1`, apiKey: KEY }),
    chatModel: 'double-chat',
    upstream: server,
    reset() {
      server.reset()
      double.reset()
    },
    scenarios: {
      ...openaiScenarios(double),
      deniesPrefill: { cannotOccur: 'the list of this format tells no capabilities' },
    },
    groups: ['declaration', 'prefill'],
  })
}
