import type { Capabilities, Lifecycle, Task } from '@openmux/core'
import type { OpenAICompatibleHooks } from '../provider/hooks.js'
import type { KnownModel } from '../provider/options.js'

/**
 * How sure a fact is. `verified`: read in the vendor's own documentation, code or announcement. `captured`: seen in
 * the code or documentation of others. `uncertain`: inferred, or seen once.
 */
export type FactMark = 'verified' | 'captured' | 'uncertain'

/** Something a preset relies on. */
export interface PresetFact {
  readonly fact: string
  readonly mark: FactMark
  /** Where it was read. */
  readonly source: string
}

/** A known server or service, as plain data: the defaults of `openaiCompatible({ preset })`. */
export interface Preset {
  /** Also the default id of the provider. */
  readonly id: string
  readonly name: string
  readonly aliases?: readonly string[]
  readonly baseURL: string
  /** The environment variable of the key. Absent: usually there is none. */
  readonly apiKeyVariable?: string
  readonly requiresKey: boolean
  /** Where a key is made. */
  readonly keyPage?: string
  /** What starts it, for a local server. */
  readonly start?: string
  readonly tasks?: readonly Task[]
  readonly supports?: Partial<Capabilities>
  readonly models?: readonly KnownModel[]
  readonly hooks?: OpenAICompatibleHooks
  /** When it is not `active`. */
  readonly lifecycle?: Lifecycle
  /** At least the address and every quirk. */
  readonly facts: readonly PresetFact[]
}
