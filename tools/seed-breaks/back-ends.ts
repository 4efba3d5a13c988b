import type { EmbeddingSpace, Provider } from '@openmux/core'
import type { StatedSpace } from '@openmux/core/embeddings'
import { hfLocal } from '@openmux/provider-hf-local'
import { hfRemote } from '@openmux/provider-hf-remote'
import { ollama } from '@openmux/provider-ollama'
import { type HandlerServer, serveHandlers, tinyModelsFolder } from '@openmux/testkit'
import { HF_DOUBLE_MODELS, type HfDouble, hfDouble, retiredHostDouble } from '@openmux/testkit/hf-remote'
import { ollamaDouble } from '@openmux/testkit/ollama'

/** A token nobody has. */
export const TOKEN = 'hf_seedBreaksCanary4711'

/** Models by back end. `tiny` ones are the test kit's: small, and really computed by transformers.js. */
export const MODELS = {
  remoteChat: 'openai/gpt-oss-120b',
  remoteEmbed: 'sentence-transformers/all-MiniLM-L6-v2',
  ollamaChat: 'llama3.2:1b',
  ollamaEmbed: 'all-minilm',
  tinyChat: 'openmux-test/tiny-chat',
  tinyEmbed: 'openmux-test/tiny-embed',
} as const

/** What the user knows and no back end can: that these hold the same weights. */
export const MINILM: EmbeddingSpace = {
  model: 'all-minilm-l6-v2',
  dimensions: 384,
  pooling: 'mean',
  normalized: true,
}
export const TINY: EmbeddingSpace = { ...MINILM, model: 'tiny-embed', dimensions: 32 }

/** One space at Hugging Face and in Ollama. */
export const MINILM_AT_OLLAMA: readonly StatedSpace[] = [
  { space: MINILM, models: [`hf-remote/${MODELS.remoteEmbed}`, `ollama/${MODELS.ollamaEmbed}`] },
]
/** One space at Hugging Face and in this process. */
export const TINY_AT_HOME: readonly StatedSpace[] = [
  { space: TINY, models: [`hf-remote/${MODELS.tinyEmbed}`, `hf-local/${MODELS.tinyEmbed}`] },
]

/** The three back ends over loopback HTTP: Hugging Face and Ollama as doubles, the local one as it is. */
export interface BackEnds {
  readonly hf: HfDouble
  readonly hfServer: HandlerServer
  readonly retired: HandlerServer
  readonly ollamaServer: HandlerServer
  /** A fresh one, so that nothing is remembered from another test. */
  remote(routerURL?: string): Provider
  /** The double of an Ollama, or another server. */
  ollama(url?: string): Provider
  /** Always the same one: its models are loaded once. */
  readonly local: Provider
  reset(): Promise<void>
  close(): Promise<void>
}

/** Starts them. */
export async function startBackEnds(): Promise<BackEnds> {
  const tiny = {
    id: MODELS.tinyEmbed,
    pipelineTag: 'feature-extraction',
    dimensions: TINY.dimensions,
    serving: [{ provider: 'hf-inference', status: 'live', task: 'feature-extraction' }],
  } as const
  const hf = hfDouble({ token: TOKEN, models: [...HF_DOUBLE_MODELS, tiny] })
  const models = [
    { name: MODELS.ollamaChat, capabilities: ['completion'] },
    { name: MODELS.ollamaEmbed, capabilities: ['embedding'], poolingType: 1, embeddingLength: 384 },
  ]
  const [hfServer, retired, ollamaServer] = await Promise.all([
    serveHandlers(hf.handlers),
    serveHandlers(retiredHostDouble()),
    serveHandlers(ollamaDouble({ models }).handlers),
  ])
  // Copied there by hand, as it were: nothing is fetched.
  const local = hfLocal({
    cacheFolder: tinyModelsFolder(),
    chatModel: MODELS.tinyChat,
    embeddingModel: MODELS.tinyEmbed,
    offline: true,
    environment: {},
    threads: 1,
  })
  const made: Provider[] = []
  const keep = <One extends Provider>(provider: One): One => {
    made.push(provider)
    return provider
  }
  return {
    hf,
    hfServer,
    retired,
    ollamaServer,
    local,
    remote: (routerURL = hfServer.url) =>
      keep(hfRemote({ baseURL: routerURL, hubURL: hfServer.url, token: TOKEN, environment: {} })),
    ollama: (url = ollamaServer.url) => keep(ollama({ baseURL: url, environment: {}, memoryBytes: 16e9 })),
    async reset() {
      hf.reset()
      for (const server of [hfServer, retired, ollamaServer]) server.reset()
      await Promise.all(made.splice(0).map((provider) => provider.close()))
    },
    async close() {
      await Promise.all([local, ...made].map((provider) => provider.close()))
      await Promise.all([hfServer, retired, ollamaServer].map((server) => server.close()))
    },
  }
}

/** An address where nobody listens. */
export async function nobodysAddress(): Promise<string> {
  const server = await serveHandlers([])
  await server.close()
  return server.url
}
