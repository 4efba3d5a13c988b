import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HandlerServer, serveHandlers } from '@openmux/testkit'
import { hfDouble, type HfDouble } from '@openmux/testkit/hf-remote'
import { openaiDouble, type OpenAIDouble } from '@openmux/testkit/openai'
import { openrouterDouble, type OpenRouterDouble } from '@openmux/testkit/openrouter'
import { onTestFinished } from 'vitest'
import { emptyFolder, type Outcome, outcome, type World } from './run-in-process.js'

/** Nobody runs the discard service. */
export const NOBODY = '127.0.0.1:9'

/** Keys that look right and belong to nobody. */
export const KEYS = {
  openrouter: `sk-or-v1-${'0123456789abcdef'.repeat(4)}`,
  huggingFace: `hf_${'CanaryCanary'.repeat(3)}`,
  own: 'canary-of-my-own-server-42',
} as const

/** Doubles of everything hosted, on loopback, and a configuration that names their addresses. */
export interface HostedWorld {
  readonly openrouter: OpenRouterDouble
  readonly huggingFace: HfDouble
  readonly own: OpenAIDouble
  readonly servers: Readonly<Record<'openrouter' | 'huggingFace' | 'own', HandlerServer>>
  /** `providers` of a configuration file: addresses, no keys. */
  readonly addresses: Readonly<Record<'openrouter' | 'hf-remote' | 'mine', Readonly<Record<string, unknown>>>>
}

/** Starts the doubles; they end with the test. */
export async function hostedWorld(): Promise<HostedWorld> {
  const doubles = {
    openrouter: openrouterDouble({ apiKey: KEYS.openrouter }),
    huggingFace: hfDouble({ token: KEYS.huggingFace }),
    own: openaiDouble({ apiKey: KEYS.own }),
  }
  const servers = {
    openrouter: await serveHandlers(doubles.openrouter.handlers),
    huggingFace: await serveHandlers(doubles.huggingFace.handlers),
    own: await serveHandlers(doubles.own.handlers),
  }
  onTestFinished(async () => {
    await Promise.all(Object.values(servers).map((server) => server.close()))
  })
  return {
    ...doubles,
    servers,
    addresses: {
      openrouter: { baseURL: `${servers.openrouter.url}/api/v1` },
      'hf-remote': { baseURL: servers.huggingFace.url, hubURL: servers.huggingFace.url },
      mine: { baseURL: `${servers.own.url}/v1` },
    },
  }
}

/** A home folder whose configuration file is the user's own. */
export function homeWith(configuration: unknown): string {
  const home = emptyFolder()
  mkdirSync(join(home, '.config', 'openmux'), { recursive: true })
  writeFileSync(join(home, '.config', 'openmux', 'config.json'), JSON.stringify(configuration))
  return home
}

/** One run with the real packages: no Ollama, no network for models in the process but what `env` says. */
export function realOutcome(argv: readonly string[], world: World = {}): Promise<Outcome> {
  const cache = emptyFolder()
  return outcome(argv, {
    ...world,
    realProviders: true,
    env: { OLLAMA_HOST: NOBODY, OPENMUX_CACHE: cache, HF_HUB_OFFLINE: '1', ...world.env },
  })
}
