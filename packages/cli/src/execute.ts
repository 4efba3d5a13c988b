import { createOpenMux, type OpenMux, OpenMuxError } from '@openmux/core'
import type { Command } from './commands/context.js'
import { loadSettings, type Settings } from './configuration/settings.js'
import type { CommandIo } from './io.js'
import type { CommandName } from './options/command-options.js'
import type { Parsed } from './program.js'
import { providersFrom } from './providers/create-providers.js'
import { EXIT_CODES } from './render/exit-codes.js'
import { circumstancesOf, type Manner, reportError, wrongUsage } from './report-error.js'
import { Activity } from './terminal/activity.js'
import { showControls } from './terminal/control-characters.js'
import { Interrupts } from './terminal/interrupts.js'
import { Terminal } from './terminal/terminal.js'

const COMMANDS: Readonly<Record<CommandName, () => Promise<{ readonly command: Command }>>> = {
  ask: () => import('./commands/ask.js'),
  chat: () => import('./commands/chat.js'),
  models: () => import('./commands/models.js'),
  providers: () => import('./commands/providers.js'),
  embed: () => import('./commands/embed.js'),
  explain: () => import('./commands/explain.js'),
}

/** Runs a command that was understood. */
export async function execute(parsed: Parsed & { kind: 'command' }, io: CommandIo): Promise<number> {
  const { words, options } = parsed
  const interrupts = new Interrupts((code) => {
    terminal.clear()
    io.exitNow(code)
  })
  let outputFailure: Error | undefined
  const terminal = new Terminal(io, (error) => {
    outputFailure ??= error
    interrupts.stop()
  })
  const stopListening = io.onSignal(interrupts.raise)
  let settings: Settings | undefined
  let openmux: OpenMux | undefined
  try {
    settings = await loadSettings(options, io)
    const loaded = settings
    const activity = new Activity(terminal, options.verbose === true)
    const { command } = await COMMANDS[commandOf(parsed, io)]()
    const code = await command({
      io,
      terminal,
      activity,
      interrupts,
      words,
      options,
      settings: loaded,
      openMux: async () => (openmux ??= await createEngine(loaded, io, terminal)),
    })
    return outputFailure === undefined
      ? code
      : outputFailed(outputFailure, terminal, manner(parsed, settings))
  } catch (error) {
    if (outputFailure !== undefined)
      return await outputFailed(outputFailure, terminal, manner(parsed, settings))
    const code = await reportError(error, terminal, manner(parsed, settings))
    return code === EXIT_CODES.interrupted ? interrupts.exitCode : code
  } finally {
    stopListening()
    await openmux?.close().catch(() => undefined)
    terminal.release()
  }
}

/** Tells what was wrong with a command line that was not understood. */
export async function refuse(
  wrong: Parsed & { kind: 'wrong' },
  argv: readonly string[],
  io: CommandIo,
): Promise<number> {
  const terminal = new Terminal(io, () => undefined)
  const code = await reportError(wrongUsage(wrong.message, wrong.hint), terminal, {
    json: argv.includes('--json'),
    verbose: false,
    circumstances: circumstancesOf({}),
  })
  terminal.release()
  return code
}

/** `openmux` alone: the chat at a terminal, the question on standard input elsewhere. */
function commandOf({ command }: Parsed & { kind: 'command' }, { stdin }: CommandIo): CommandName {
  if (command !== undefined) return command
  return stdin.isTTY === true ? 'chat' : 'ask'
}

async function createEngine(settings: Settings, io: CommandIo, terminal: Terminal): Promise<OpenMux> {
  const create = io.createProviders ?? providersFrom()
  const { providers, forceEnabled, notices } = await create(settings)
  for (const notice of notices)
    terminal.err.lines(terminal.err.colours.notice(showControls(`note: ${notice}`)))
  const { timeout } = settings.configuration
  return createOpenMux({
    providers,
    forceEnabled,
    // Listings and probes end with it too.
    ...(timeout !== undefined && { timeouts: { totalMs: timeout * 1_000 } }),
  })
}

function manner({ command, options }: Parsed & { kind: 'command' }, settings: Settings | undefined): Manner {
  const configuration = settings?.configuration ?? {}
  // Vectors have a model of their own.
  const model = command === 'embed' ? configuration.embeddingModel : configuration.model
  return {
    json: options.json === true,
    verbose: options.verbose === true,
    circumstances: circumstancesOf({ ...configuration, model }),
  }
}

/** A reader that has seen enough (`| head`) is no error; a full disk is. */
async function outputFailed(error: Error, terminal: Terminal, how: Manner): Promise<number> {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') return EXIT_CODES.ok
  const failure = new OpenMuxError({
    code: 'needs-setup',
    scope: 'machine',
    message: `Standard output cannot be written${code === '' ? '' : ` (${code})`}.`,
    hint:
      code === 'ENOSPC' ? 'Free some space and ask again.' : 'Check where the output goes, and ask again.',
  })
  return reportError(failure, terminal, { ...how, json: false })
}
