import type { Capability } from './capabilities.js'
import type { ModelCard } from './model-card.js'
import type { Task } from './task.js'

/** What a model must bring to serve a request. */
export interface ModelNeed {
  readonly task: Task
  /** Capabilities the request cannot do without. */
  readonly capabilities: readonly Capability[]
  /** Only models that run on this machine: no `hosted` ones. */
  readonly localOnly?: boolean
}

/** A model a provider would take for a need, and why. */
export interface ModelChoice {
  readonly model: ModelCard
  /** One short phrase for people: "loaded already, largest that fits". */
  readonly reason: string
}
