import type { ReasoningEffort, Task } from '@openmux/core'

/** The commands there are. */
export const COMMANDS = ['ask', 'chat', 'models', 'providers', 'embed', 'explain'] as const

/** The name of a command. */
export type CommandName = (typeof COMMANDS)[number]

/** What the options of a command line say; absent means not given. */
export interface CommandOptions {
  readonly provider?: string
  readonly model?: string
  readonly prefer?: readonly string[]
  readonly local?: boolean
  readonly offline?: boolean
  readonly task?: Task
  readonly system?: string
  readonly temperature?: number
  readonly maxTokens?: number
  readonly reasoning?: ReasoningEffort
  /** `false` by `--no-stream`. */
  readonly stream?: boolean
  readonly json?: boolean
  /** Seconds; 0 means no limit. */
  readonly timeout?: number
  readonly verbose?: boolean
  readonly config?: string
  readonly lines?: boolean
}
