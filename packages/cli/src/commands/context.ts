import type { OpenMux, Provider } from '@openmux/core'
import type { Settings } from '../configuration/settings.js'
import type { CommandIo } from '../io.js'
import type { CommandOptions } from '../options/command-options.js'
import type { CreatedProviders } from '../providers/create-providers.js'
import type { ExitCode } from '../render/exit-codes.js'
import type { Activity } from '../terminal/activity.js'
import type { Interrupts } from '../terminal/interrupts.js'
import type { Terminal } from '../terminal/terminal.js'

/** What every command works with. */
export interface CommandContext {
  readonly io: CommandIo
  readonly terminal: Terminal
  readonly activity: Activity
  readonly interrupts: Interrupts
  readonly words: readonly string[]
  readonly options: CommandOptions
  readonly settings: Settings
  /** Made at the first call: a command that fails before needs no provider. */
  created(): Promise<CreatedProviders>
  /** The engine over {@link CommandContext.created}; `adapt` counts at the first call. */
  openMux(adapt?: (provider: Provider) => Provider): Promise<OpenMux>
  /** What was told once in this run and need not be told again. */
  readonly told: Set<string>
}

/** A command. Throws `OpenMuxError`s; its number is the exit code. */
export type Command = (context: CommandContext) => Promise<ExitCode>
