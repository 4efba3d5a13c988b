import type { HistoryPolicy, OnBreak, PolicyName, ReasoningEffort, Task } from '@openmux/core'

/** The commands there are. */
export const COMMANDS = [
  'ask',
  'chat',
  'models',
  'providers',
  'embed',
  'explain',
  'probe',
  'discover',
  'quota',
  'replay',
  'cache',
] as const

/** How several answers become one. Not imported from the core, which help must not wait for; a test holds the two together. */
export const COMBINE_WORDS = ['first', 'vote', 'merge', 'best', 'summary'] as const

/** One of {@link COMBINE_WORDS}. */
export type CombineWord = (typeof COMBINE_WORDS)[number]

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]

/** What the options of a command line say; absent means not given. */
export interface CommandOptions {
  readonly provider?: string
  readonly model?: string
  readonly prefer?: readonly string[]
  readonly forceEnabled?: readonly string[]
  readonly local?: boolean
  /** Only what costs nothing. */
  readonly free?: boolean
  /** Tokens. */
  readonly minContext?: number
  readonly policy?: PolicyName
  readonly offline?: boolean
  readonly task?: Task
  readonly system?: string
  readonly temperature?: number
  readonly maxTokens?: number
  readonly reasoning?: ReasoningEffort
  /** `false` by `--no-stream`. */
  readonly stream?: boolean
  readonly onBreak?: OnBreak
  readonly history?: HistoryPolicy
  /** `false` by `--no-hedge`. */
  readonly hedge?: boolean
  readonly impatient?: boolean
  /** `false` by `--no-nano`. */
  readonly nano?: boolean
  readonly combine?: CombineWord
  /** How many models `combine` asks. */
  readonly models?: number
  /** `true` by `--cache`, `false` by `--no-cache`. */
  readonly cache?: boolean
  readonly explain?: boolean
  /** The file each answer's decision is appended to. */
  readonly record?: string
  /** Providers or models in another order, for `replay`. */
  readonly order?: readonly string[]
  /** Whether `quota` asks the services. */
  readonly ask?: boolean
  /** Providers of which everything learned is dropped, for `quota`. */
  readonly forget?: readonly string[]
  /** `false` by `--no-state`. */
  readonly state?: boolean
  readonly json?: boolean
  /** Seconds; 0 means no limit. */
  readonly timeout?: number
  readonly verbose?: boolean
  readonly config?: string
  readonly lines?: boolean
  /** Whether a probe may generate. */
  readonly spend?: boolean
  /** An earlier report of `probe --json`. */
  readonly compare?: string
}
