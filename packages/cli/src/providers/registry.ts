import type { Provider } from '@openmux/core'
import type { ProviderConfiguration } from '../configuration/configuration.js'

/** An environment variable that stands for an option of a provider, and goes before the file's. */
export interface ProviderVariable {
  readonly name: string
  readonly option: string
  /** Keys travel only with addresses that are trusted as much; see `bind-keys.ts`. */
  readonly role: 'address' | 'key' | 'other'
  /** The variable only counts for addresses that match. */
  readonly onlyFor?: RegExp
}

/** What a provider gets: its options, the environment it may read, and the floors of this run. */
export interface ProviderSetup {
  readonly options: ProviderConfiguration
  readonly env: Readonly<Record<string, string | undefined>>
  /** Nothing may be fetched. */
  readonly offline: boolean
  /** Prompts must not leave this machine. */
  readonly stayLocal: boolean
}

/** A provider package as data: nothing of it is loaded before it is asked for. */
export interface ProviderEntry {
  readonly id: string
  readonly name: string
  readonly packageName: string
  readonly variables: readonly ProviderVariable[]
  /** Imports the package and makes the provider. Rejects with `ERR_MODULE_NOT_FOUND` when it is not installed. */
  readonly load: (setup: ProviderSetup) => Promise<Provider>
}

/** The providers this command line knows, in the order they are tried. */
export const PROVIDERS: readonly ProviderEntry[] = [
  {
    id: 'ollama',
    name: 'Ollama',
    packageName: '@openmux/provider-ollama',
    variables: [
      { name: 'OLLAMA_HOST', option: 'baseURL', role: 'address' },
      // The key of Ollama's cloud, which the provider sends nowhere else.
      { name: 'OLLAMA_API_KEY', option: 'apiKey', role: 'key', onlyFor: /(^|\/\/|\.)ollama\.com\b/ },
    ],
    async load({ options, env, stayLocal }) {
      const { ollama } = await import('@openmux/provider-ollama')
      return ollama({ ...options, ...(stayLocal && { cloudModels: false }), environment: env })
    },
  },
  {
    id: 'hf-local',
    name: 'Hugging Face, in this process',
    packageName: '@openmux/provider-hf-local',
    variables: [
      { name: 'HF_ENDPOINT', option: 'hub', role: 'address' },
      { name: 'HF_TOKEN', option: 'token', role: 'key' },
      { name: 'OPENMUX_CACHE', option: 'cacheFolder', role: 'other' },
      { name: 'HF_HUB_OFFLINE', option: 'offline', role: 'other' },
    ],
    async load({ options, env, offline }) {
      const { hfLocal } = await import('@openmux/provider-hf-local')
      return hfLocal({ ...options, ...(offline && { offline: true }), environment: env })
    },
  },
]
