import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tinyChatModel, tinyEmbedModel, serveHandlers } from '@openmux/testkit'
import { hubDouble } from '@openmux/testkit/hub'
import { hfDouble } from '@openmux/testkit/hf-remote'
import { ollamaDouble, STOCK_MODELS } from '@openmux/testkit/ollama'
import { openaiDouble } from '@openmux/testkit/openai'
import { openrouterDouble } from '@openmux/testkit/openrouter'

/** The world a snippet runs in: an Ollama and a model hub on loopback, and folders of its own. */
export interface World {
  /** Documents name usual addresses and leave out what a key in the environment would add; here both are others. */
  atHome(text: string): string
  readonly environment: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** Models the documents name besides those the double has anyway. */
const NAMED = [
  { name: 'gemma3:270m' },
  { name: 'all-minilm:latest', capabilities: ['embedding'], poolingType: 1, embeddingLength: 384 },
]

/** Repositories the hub has: the defaults and examples of the documents, played by the tiny models. */
const CHAT_REPOSITORIES = [
  'HuggingFaceTB/SmolLM2-360M-Instruct',
  'onnx-community/Qwen3-0.6B-ONNX',
  'onnx-community/Qwen2.5-0.5B-Instruct',
]
const EMBED_REPOSITORIES = [
  'Xenova/all-MiniLM-L6-v2',
  'onnx-community/all-MiniLM-L6-v2-ONNX',
  'Xenova/bge-small-en-v1.5',
]

/** Starts the doubles. */
export async function startWorld(): Promise<World> {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-docs-'))
  const models = join(folder, 'hub')
  for (const id of CHAT_REPOSITORIES) copyModel(tinyChatModel().folder, join(models, id))
  for (const id of EMBED_REPOSITORIES) copyModel(tinyEmbedModel().folder, join(models, id))
  const ollama = await serveHandlers([...ollamaDouble({ models: [...STOCK_MODELS, ...NAMED] }).handlers])
  const hub = await serveHandlers([...hubDouble({ models }).handlers])
  const openai = await serveHandlers([...openaiDouble().handlers])
  const router = await serveHandlers([...hfDouble().handlers])
  const openrouter = await serveHandlers([...openrouterDouble().handlers])
  configureHosted(join(folder, 'config'), router.url, openrouter.url)
  const hosted = `hfRemote({ baseURL: '${router.url}/v1', hubURL: '${router.url}', token: 'hf_${'a'.repeat(34)}' })`
  const addresses = { '127.0.0.1:11434': ollama, '127.0.0.1:1234': openai }
  return {
    atHome: (text) =>
      Object.entries(addresses).reduce(
        (moved, [usual, { url }]) => moved.replaceAll(usual, new URL(url).host),
        text.replaceAll('hfRemote()', hosted),
      ),
    environment: {
      OLLAMA_HOST: ollama.url,
      HF_ENDPOINT: hub.url,
      OPENMUX_CACHE: join(folder, 'cache'),
      XDG_CONFIG_HOME: join(folder, 'config'),
      HOME: folder,
    },
    close: async () => {
      await ollama.close()
      await hub.close()
      await openai.close()
      await router.close()
      await openrouter.close()
    },
  }
}

/** For commands: the hosted services have no variable for their address, so it stands in the user's own file. */
function configureHosted(folder: string, routerURL: string, openrouterURL: string): void {
  const providers = {
    'hf-remote': { baseURL: routerURL, hubURL: routerURL, token: `hf_${'a'.repeat(34)}` },
    openrouter: { baseURL: `${openrouterURL}/api/v1`, apiKey: 'a-key-of-nobody' },
  }
  mkdirSync(join(folder, 'openmux'), { recursive: true })
  writeFileSync(join(folder, 'openmux', 'config.json'), JSON.stringify({ providers }))
}

function copyModel(from: string, to: string): void {
  mkdirSync(to, { recursive: true })
  cpSync(from, to, { recursive: true })
}
