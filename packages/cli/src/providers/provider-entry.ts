import type { Lifecycle, Locality, Provider, Task } from '@openmux/core'
import type { ProviderConfiguration } from '../configuration/configuration.js'

/** An environment variable that stands for an option of a provider, and goes before the file's. */
export interface ProviderVariable {
  readonly name: string
  readonly option: string
  /** Keys travel only with addresses that are trusted as much; see `bind-keys.ts`. */
  readonly role: 'address' | 'key' | 'other'
  /** Whether the variable goes before the file's own for an address; undefined is the usual one. Default: for every address. */
  readonly countsFor?: (address: string | undefined) => boolean
  /** Whether the package sends the key there. Default: where the variable counts. */
  readonly sentTo?: (address: string | undefined) => boolean
}

/** What a provider gets: its options, the environment it may read, and the floors of this run. */
export interface ProviderSetup {
  readonly options: ProviderConfiguration
  readonly env: Readonly<Record<string, string | undefined>>
  /** Nothing may be fetched. */
  readonly offline: boolean
  /** Prompts must not leave this machine. */
  readonly stayLocal: boolean
  /** Whether to bring along the built-in guide, for a provider that can run it. */
  readonly withGuide?: boolean
}

/** Why a provider is not used before somebody gives it a key, and how to. */
export interface KeyNeed {
  /** What to do, as a whole sentence. */
  readonly remedy: string
}

/** A provider package as data: nothing of it is loaded before it is asked for. */
export interface ProviderEntry {
  readonly id: string
  readonly name: string
  readonly aliases?: readonly string[]
  readonly packageName: string
  readonly variables: readonly ProviderVariable[]
  /** The option that takes a key. */
  readonly keyOption?: string
  /** Options that decide where a key goes: they must be trusted as much as the key. */
  readonly addresses: readonly string[]
  readonly locality: Locality
  readonly tasks: readonly Task[]
  /** Absent: it works without a key. */
  readonly needsKey?: KeyNeed
  /** How far the package was along its life when this program was built. The package itself knows better. */
  readonly lifecycle: Lifecycle
  /** Imports the package and makes the provider. Rejects with `ERR_MODULE_NOT_FOUND` when it is not installed. */
  readonly load: (setup: ProviderSetup) => Promise<Provider>
}
