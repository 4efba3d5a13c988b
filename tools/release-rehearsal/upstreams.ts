import { serveHandlers } from '@openmux/testkit'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { ollamaDouble, STOCK_MODELS } from '@openmux/testkit/ollama'

/** Hugging Face and an Ollama, played on loopback. */
export interface Upstreams {
  /** Where a program finds them, as variables of its environment. */
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

export async function startUpstreams(): Promise<Upstreams> {
  const huggingFace = await serveHandlers([...hfDouble().handlers])
  const ollama = await serveHandlers([...ollamaDouble({ models: [...STOCK_MODELS] }).handlers])
  return {
    environment: {
      HUGGING_FACE: huggingFace.url,
      HF_TOKEN: `hf_${'a'.repeat(34)}`,
      OLLAMA_HOST: ollama.url,
    },
    close: async () => {
      await huggingFace.close()
      await ollama.close()
    },
  }
}
