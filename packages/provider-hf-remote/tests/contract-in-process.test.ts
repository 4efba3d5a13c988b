import { interceptHandlers, providerContract, wireScenarios } from '@openmux/testkit'
import { hfDouble, hfScenarios } from '@openmux/testkit/hf-remote'
import { http, HttpResponse } from 'msw'
import { afterAll, describe, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { CHAT_MODEL, EMBED_MODEL, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
const upstream = interceptHandlers(double.handlers)
upstream.start()
afterAll(() => upstream.stop())

await providerContract({
  describe,
  it,
  name: 'hf-remote in process',
  // The addresses are the real ones; nothing gets out.
  create: () => hfRemote({ environment: { HF_TOKEN: TOKEN }, fetch: (input, init) => fetch(input, init) }),
  chatModel: CHAT_MODEL,
  embedModel: EMBED_MODEL,
  secrets: [TOKEN],
  upstream,
  reset() {
    upstream.reset()
    double.reset()
  },
  scenarios: {
    ...hfScenarios(double),
    ...wireScenarios(upstream.use, {
      inference: /\/(?:chat\/completions|embeddings|pipeline\/feature-extraction)$/,
      list: '*/v1/models',
    }),
    serverDown() {
      upstream.use(http.all('*', () => HttpResponse.error()))
      return { restore: () => upstream.reset() }
    },
  },
})
