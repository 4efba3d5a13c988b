import { type HandlerServer, providerContract, serveHandlers, wireScenarios } from '@openmux/testkit'
import { hfDouble, hfScenarios } from '@openmux/testkit/hf-remote'
import { afterAll, describe, it } from 'vitest'
import { hfRemote } from '../src/index.js'
import { CHAT_MODEL, EMBED_MODEL, TOKEN } from './support/context.js'

const double = hfDouble({ token: TOKEN })
let server: HandlerServer = await serveHandlers(double.handlers)
afterAll(() => server.close())

await providerContract({
  describe,
  it,
  name: 'hf-remote over loopback HTTP',
  // No `fetch`: the transport that users get.
  create: () => hfRemote({ baseURL: server.url, hubURL: server.url, token: TOKEN }),
  chatModel: CHAT_MODEL,
  embedModel: EMBED_MODEL,
  secrets: [TOKEN],
  upstream: { requests: () => server.requests() },
  reset() {
    server.reset()
    double.reset()
  },
  scenarios: {
    ...hfScenarios(double),
    ...wireScenarios((...handlers) => server.use(...handlers), {
      inference: /\/(?:chat\/completions|embeddings|pipeline\/feature-extraction)$/,
      list: '*/v1/models',
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
