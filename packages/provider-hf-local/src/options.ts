import type { Clock } from '@openmux/core'
import type { Device, Dtype } from './device-and-dtype.js'
import type { FetchLike } from './download/hub-client.js'
import type { Pooling } from './worker/pooling.js'

/** A model with wishes of its own. */
export interface ModelOptions {
  /** `organisation/name` on the hub, or the absolute path of a model folder. */
  readonly model: string
  /** Of a model folder: the id to show and name it by, like `organisation/name`. Default: the path itself. */
  readonly name?: string
  /**
   * For a model that should answer only when nobody else can: what it is, in a short phrase for people that can stand
   * behind "answered by". It is never chosen while there is another one here or to be fetched.
   */
  readonly lastResort?: string
  /** Branch, tag or commit on the hub. Default: `main`. */
  readonly revision?: string
  /** Default: that of the provider, else the smallest exact enough form there is. */
  readonly dtype?: Dtype
  readonly device?: Device | 'auto'
  /** A smaller window than the model's own, in tokens: less memory for long conversations. */
  readonly contextTokens?: number
  /** Default: what the model's files or its family say, else mean. Embedding models only. */
  readonly pooling?: Pooling
  /** Whether vectors are brought to length 1. Default: what the model's files say, else yes. */
  readonly normalize?: boolean
}

/** Options of {@link hfLocal}. All have defaults. */
export interface HfLocalOptions {
  /** Chat model when a request names none and none is in the cache. Default: SmolLM2 360M Instruct. */
  readonly chatModel?: string
  /** Embedding model likewise. Default: all-MiniLM-L6-v2. */
  readonly embeddingModel?: string
  /** Further models, or wishes for models: hub ids, absolute paths of model folders, or both with options. */
  readonly models?: readonly (string | ModelOptions)[]
  /** Absolute paths of further folders of models, read like the cache and never written to. */
  readonly modelFolders?: readonly string[]
  /** Where models are kept. Default: `OPENMUX_CACHE/models`, else the user's cache folder by platform convention. */
  readonly cacheFolder?: string
  /** Never touch the network. Default: whether `OPENMUX_OFFLINE` or `HF_HUB_OFFLINE` is set. */
  readonly offline?: boolean
  /** Address of the model hub. Default: `HF_ENDPOINT`, else `https://huggingface.co`. */
  readonly hub?: string
  /** Token for the hub, sent to no other host. Default: `HF_TOKEN`, unless that is a key of another service. */
  readonly token?: string
  /** Default: `cpu`. */
  readonly device?: Device | 'auto'
  /** Default: by what the model has; on a CPU 8-bit first. */
  readonly dtype?: Dtype
  /** Threads of one computation. Default: all cores up to four, half of more, at most eight. */
  readonly threads?: number
  /** Calls that may wait for one model; more get `unavailable`. Default: 16. */
  readonly queueLimit?: number
  /** A model not used for so long is unloaded, ms. Default: 600,000 (ten minutes). 0: right after each call. */
  readonly idleUnloadMs?: number
  /** Most tokens of an answer whose request names no limit. Default: 2,048. */
  readonly maxTokens?: number
  /** Cap on the JavaScript heap of each worker, MB; weights are not counted. Default: Node's own. */
  readonly workerHeapMegabytes?: number
  /** Where the runtime is, as a module specifier or file URL. Default: `@huggingface/transformers`. */
  readonly runtime?: string
  /** Used for the hub. Default: the built-in one. */
  readonly fetch?: FetchLike
  /** For what outlives a call: idle unloading and downloads that several calls wait for. Default: the real one. */
  readonly clock?: Clock
  /** Environment to read. Default: that of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
