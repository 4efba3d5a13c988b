import type { Capabilities, Lifecycle, Locality, ModelCard, Task } from '@openmux/core'
import type { FetchLike, Transport } from '@openmux/http'
import type { Preset } from '../presets/preset.js'
import type { PresetName } from '../presets/presets.js'
import type { OpenAICompatibleHooks } from './hooks.js'

/** A model named by the user: its id, or its id with what is known of it. */
export type KnownModel = string | (Partial<ModelCard> & Pick<ModelCard, 'id'>)

/** What `openaiCompatible()` takes. `id` and `baseURL` are needed unless a preset brings them. */
export interface OpenAICompatibleOptions {
  /** Lower case words joined by `-`, unique in one orchestrator. Default: the preset's name. */
  readonly id?: string
  /** For people. Default: the preset's, else the id. */
  readonly name?: string
  /** Other spellings users may know it by. */
  readonly aliases?: readonly string[]
  /** Everything before `/chat/completions`, usually ending in `/v1`. Default: the preset's. */
  readonly baseURL?: string
  /** Default: the variable the preset names. A blank one is the same as none. */
  readonly apiKey?: string
  /** The variable to read the key from, and to name when it is missing. Default: the preset's. */
  readonly apiKeyVariable?: string
  /** Whether nothing works without a key: then `ready()` says so without asking. Default: the preset's, else whether a blank key was given. */
  readonly requiresKey?: boolean
  /** Allows a key over plain `http:` to another machine. Default `false`. */
  readonly allowInsecureKey?: boolean
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>
  /** The models there are, best first. Given: the server is not asked for its list. */
  readonly models?: readonly KnownModel[]
  /** A known service or server, by name or as data. */
  readonly preset?: PresetName | Preset
  /** Default: `local` when the host is this machine, else `remote`. */
  readonly locality?: Locality
  /** Default: what the preset says, else chat, code and embeddings. */
  readonly tasks?: readonly Task[]
  /** Over what the preset says and the defaults. */
  readonly supports?: Partial<Capabilities>
  /** Used instead of undici, for instance in browsers and tests. */
  readonly fetch?: FetchLike
  /** Used instead of everything else; it stays open when the provider is closed. */
  readonly transport?: Transport
  readonly hooks?: OpenAICompatibleHooks
  /** Default: the preset's, else this package's. */
  readonly lifecycle?: Lifecycle
  /** Texts embedded in one request. Default 64. */
  readonly embedBatch?: number
  /** Longest wait for the usage after the finish reason of a stream, ms. Default 1,000. */
  readonly usageWaitMs?: number
  /** Read once, when the provider is made. Default: `process.env` where there is one. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
