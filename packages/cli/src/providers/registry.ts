import type { ProviderConfiguration } from '../configuration/configuration.js'
import { knownLifecycle } from './known-lifecycle.js'
import type { ProviderEntry } from './provider-entry.js'

const ALL_TASKS = ['chat', 'code', 'embeddings'] as const

/**
 * The providers this command line knows, in the order they are tried: what runs here and was set up by the user;
 * hosted models that cost nothing, for those who set a key; the small models in this process; and last what may be
 * charged for. Servers of the user's own go behind the first, see `wanted-entries.ts`.
 */
export const PROVIDERS: readonly ProviderEntry[] = [
  {
    id: 'ollama',
    name: 'Ollama',
    aliases: ['ollama-local', 'local-ollama'],
    packageName: '@openmux/provider-ollama',
    variables: [
      { name: 'OLLAMA_HOST', option: 'baseURL', role: 'address' },
      // The key of Ollama's cloud, which the provider sends nowhere else.
      {
        name: 'OLLAMA_API_KEY',
        option: 'apiKey',
        role: 'key',
        countsFor: (address = '') => /(^|\/\/|\.)ollama\.com\b/.test(address),
      },
    ],
    keyOption: 'apiKey',
    addresses: ['baseURL'],
    locality: 'local',
    tasks: ALL_TASKS,
    lifecycle: knownLifecycle('@openmux/provider-ollama'),
    async load({ options, env, stayLocal }) {
      const { ollama } = await import('@openmux/provider-ollama')
      return ollama({ ...options, ...(stayLocal && { cloudModels: false }), environment: env })
    },
  },
  {
    id: 'openrouter',
    name: 'OpenRouter',
    packageName: '@openmux/provider-openrouter',
    variables: [
      {
        name: 'OPENROUTER_API_KEY',
        option: 'apiKey',
        role: 'key',
        countsFor: (address) => isHostOf(address, 'openrouter.ai'),
      },
    ],
    keyOption: 'apiKey',
    addresses: ['baseURL'],
    locality: 'remote',
    tasks: ALL_TASKS,
    needsKey: {
      remedy:
        'Set OPENROUTER_API_KEY to a key from https://openrouter.ai/settings/keys; free models need no money.',
    },
    lifecycle: knownLifecycle('@openmux/provider-openrouter'),
    async load({ options, env }) {
      const { openrouter } = await import('@openmux/provider-openrouter')
      return openrouter({ ...options, environment: env })
    },
  },
  {
    id: 'hf-local',
    name: 'Hugging Face (local)',
    aliases: ['hf', 'huggingface-local', 'transformers.js', 'transformersjs'],
    packageName: '@openmux/provider-hf-local',
    variables: [
      { name: 'HF_ENDPOINT', option: 'hub', role: 'address' },
      { name: 'HF_TOKEN', option: 'token', role: 'key' },
      { name: 'OPENMUX_CACHE', option: 'cacheFolder', role: 'other' },
      { name: 'HF_HUB_OFFLINE', option: 'offline', role: 'other' },
    ],
    keyOption: 'token',
    addresses: ['hub'],
    locality: 'local',
    tasks: ALL_TASKS,
    lifecycle: knownLifecycle('@openmux/provider-hf-local'),
    async load({ options, env, offline, withGuide }) {
      const { hfLocal } = await import('@openmux/provider-hf-local')
      const wishes = withGuide === true ? await withModelNano(options) : options
      return hfLocal({ ...wishes, ...(offline && { offline: true }), environment: env })
    },
  },
  {
    id: 'hf-remote',
    name: 'Hugging Face',
    aliases: ['huggingface', 'hf'],
    packageName: '@openmux/provider-hf-remote',
    variables: [
      {
        name: 'HF_TOKEN',
        option: 'token',
        role: 'key',
        countsFor: (address) => isHostOf(address, 'huggingface.co'),
        // The package also takes it for a stand-in on this machine.
        sentTo: (address) => isHostOf(address, 'huggingface.co') || isOnThisMachine(address),
      },
    ],
    keyOption: 'token',
    addresses: ['baseURL', 'hubURL'],
    locality: 'remote',
    tasks: ALL_TASKS,
    needsKey: {
      remedy:
        'Set HF_TOKEN to a token from https://huggingface.co/settings/tokens with the permission "Make calls to Inference Providers".',
    },
    lifecycle: knownLifecycle('@openmux/provider-hf-remote'),
    async load({ options, env }) {
      const { hfRemote } = await import('@openmux/provider-hf-remote')
      return hfRemote({ ...options, environment: env })
    },
  },
]

/** The guide behind the user's own models. */
async function withModelNano(options: ProviderConfiguration): Promise<ProviderConfiguration> {
  const { models = [] } = options
  // What is no list the package itself refuses.
  if (!Array.isArray(models)) return options
  try {
    const { modelNano } = await import('@openmux/model-nano')
    return { ...options, models: [...(models as readonly unknown[]), modelNano] }
  } catch {
    // Nobody asked for it: without it there is no answer where nobody else can give one.
    return options
  }
}

/** Whether an address is of a service; the usual one is. */
function isHostOf(address: string | undefined, host: string): boolean {
  if (address === undefined) return true
  const name = URL.parse(address)?.hostname.toLowerCase() ?? ''
  return name === host || name.endsWith(`.${host}`)
}

function isOnThisMachine(address = ''): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(URL.parse(address)?.hostname ?? '')
}

/** The package a provider comes from; undefined for servers of the user's own, which come from none of their own. */
export function packageOf(id: string): string | undefined {
  return PROVIDERS.find((entry) => entry.id === id)?.packageName
}
