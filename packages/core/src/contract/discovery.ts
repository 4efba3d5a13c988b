import type { ModelCard } from './model-card.js'
import type { Price } from './price.js'
import type { ProbeCheck } from './probe.js'
import type { Task } from './task.js'

/** What `discover` looks for. */
export interface DiscoverOptions {
  /** Only models for this task. Default: all. */
  readonly task?: Task
}

/** One company or server behind a model, for back ends that pass requests on. Members that are not known are absent. */
export interface ModelServer {
  readonly name: string
  /** The upstream's own word: `live`, `staging`, `error` … */
  readonly status: string
  readonly free?: boolean
  readonly price?: Price
  readonly contextTokens?: number
}

/** A model that can be used, or could after a download. */
export interface DiscoveredModel {
  readonly model: ModelCard
  /** Who serves it, where the back end tells. */
  readonly servedBy?: readonly ModelServer[]
  /** What else is worth knowing: when it goes away, how to get it. One short sentence. */
  readonly note?: string
}

/** What there is to use at a back end. */
export interface Discovery {
  /** The forms of addresses that were tried, and which of them answer. */
  readonly endpoints: readonly ProbeCheck[]
  /** The ones to take first come first. */
  readonly models: readonly DiscoveredModel[]
  /** What could not be found out, and why. */
  readonly notes: readonly string[]
}
