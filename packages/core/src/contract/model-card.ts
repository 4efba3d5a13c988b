import type { Capabilities } from './capabilities.js'
import type { EmbeddingSpace } from './embedding-space.js'
import type { Price } from './price.js'
import type { Task } from './task.js'

/**
 * Where a model is: `loaded` answers at once, `installed` is loaded first, `downloadable` is
 * fetched first, `hosted` lives on somebody else's machine.
 */
export type ModelState = 'loaded' | 'installed' | 'downloadable' | 'hosted'

/** What a back end says about one of its models. Members that are not known are absent. */
export interface ModelCard {
  /** The id to name in a request to this provider. */
  readonly id: string
  /** A name for people, when it differs from the id. */
  readonly name?: string
  readonly tasks: readonly Task[]
  readonly state: ModelState
  /** Longest prompt plus answer, in tokens, as the back end will really serve it. */
  readonly contextTokens?: number
  /** Longest answer, in tokens. */
  readonly maxOutputTokens?: number
  /** Most texts in one embedding call. Absent: not known; the orchestrator sends at most 128. */
  readonly maxBatch?: number
  /** The languages it speaks well enough, as primary tags (`en`, `pt`). Absent: not known. */
  readonly languages?: readonly string[]
  /** What this model can do; narrows the provider's own `supports`. */
  readonly supports?: Partial<Capabilities>
  /**
   * Set for a model that should answer only when nobody else can: what it is, in a short phrase for people that can
   * stand behind "answered by". It then stands behind everybody in every plan, and its answers are marked with it.
   */
  readonly lastResort?: string
  /** Whether a request costs nothing. Local models are free. */
  readonly free: boolean
  readonly price?: Price
  /** The vector space, for embedding models. */
  readonly space?: EmbeddingSpace
  readonly sizeBytes?: number
  /** Number of weights, e.g. 270_000_000. */
  readonly parameters?: number
  readonly quantization?: string
}
