import { createRequire } from 'node:module'
import type { Lifecycle, Provider } from '@openmux/core'
import { openaiCompatible, type Preset, PRESETS } from '@openmux/openai-compatible'
import { hfEndpoint, hfRemote } from '@openmux/provider-hf-remote'
import { openrouter } from '@openmux/provider-openrouter'

/** Variables of the process, or a test's own. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A hosted back end that can be tried with the key of whoever runs the tests. */
export interface LiveService {
  readonly id: string
  /** Needed to reach it; all of them. */
  readonly variables: readonly string[]
  /** What its package says of it. */
  readonly lifecycle: Lifecycle
  /** The model to chat with, for a service that has no list of them. Default: the cheapest the provider would choose. */
  readonly chatModel?: string
  /** Makes the provider. It reads nothing but this environment. */
  make(environment: Environment): Provider
}

/** The address of a dedicated endpoint to try, and what it serves (`chat`, the default, or `embeddings`). */
export const ENDPOINT_URL = 'OPENMUX_LIVE_HF_ENDPOINT'
export const ENDPOINT_TASK = 'OPENMUX_LIVE_HF_ENDPOINT_TASK'

/** Every remote back end there is a package or a preset for. */
export function liveServices(): readonly LiveService[] {
  return [
    {
      id: 'openrouter',
      variables: ['OPENROUTER_API_KEY'],
      lifecycle: manifestLifecycle('@openmux/provider-openrouter'),
      make: (environment) => openrouter({ environment }),
    },
    {
      id: 'hf-remote',
      variables: ['HF_TOKEN'],
      lifecycle: manifestLifecycle('@openmux/provider-hf-remote'),
      make: (environment) => hfRemote({ environment }),
    },
    {
      id: 'hf-endpoint',
      variables: ['HF_TOKEN', ENDPOINT_URL],
      lifecycle: manifestLifecycle('@openmux/provider-hf-remote'),
      make: (environment) =>
        hfEndpoint({
          url: environment[ENDPOINT_URL] ?? '',
          task: environment[ENDPOINT_TASK] === 'embeddings' ? 'embeddings' : 'chat',
          environment,
        }),
    },
    ...Object.values<Preset>(PRESETS).flatMap(presetService),
  ]
}

/** For services without a list of models, by preset (docs.github.com/en/github-models/quickstart). */
const CHAT_MODELS: Readonly<Record<string, string>> = { 'github-models': 'openai/gpt-4o-mini' }

/** A service that is behind a preset. Servers on one's own machine need no key, and are no business of these tests. */
function presetService(preset: Preset): readonly LiveService[] {
  if (!preset.requiresKey || preset.apiKeyVariable === undefined) return []
  return [
    {
      id: preset.id,
      variables: [preset.apiKeyVariable],
      lifecycle: preset.lifecycle ?? manifestLifecycle('@openmux/openai-compatible'),
      ...(preset.hooks?.modelsPath === null ? { chatModel: CHAT_MODELS[preset.id] ?? 'gpt-4o-mini' } : {}),
      make: (environment) => openaiCompatible({ preset, environment }),
    },
  ]
}

const load = createRequire(import.meta.url)

/** `openmux.lifecycle` of a package's `package.json`. */
export function manifestLifecycle(packageName: string): Lifecycle {
  const manifest = load(`${packageName}/package.json`) as {
    readonly openmux?: { readonly lifecycle?: Lifecycle }
  }
  const lifecycle = manifest.openmux?.lifecycle
  if (lifecycle === undefined) throw new Error(`${packageName}: no openmux.lifecycle in its package.json`)
  return lifecycle
}
