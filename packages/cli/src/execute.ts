import { createOpenMux, type OpenMux, OpenMuxError, type Provider } from '@openmux/core'
import type { Command } from './commands/context.js'
import { loadSettings, type Settings } from './configuration/settings.js'
import type { CommandIo } from './io.js'
import type { CommandName, CommandOptions } from './options/command-options.js'
import type { Parsed } from './program.js'
import { type CreatedProviders, providersFrom } from './providers/create-providers.js'
import { EXIT_CODES } from './render/exit-codes.js'
import { wrap } from './render/wrap.js'
import { keepState, stateFile, type TellState } from './state/keep-state.js'
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
  probe: () => import('./commands/probe.js'),
  discover: () => import('./commands/discover.js'),
  quota: () => import('./commands/quota.js'),
  replay: () => import('./commands/replay.js'),
  cache: () => import('./commands/cache.js'),
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
  // The engine's own timers keep no process alive: in a pause before the next attempt nothing else would.
  const awake = setInterval(() => undefined, 60_000)
  let settings: Settings | undefined
  let created: Promise<CreatedProviders> | undefined
  let providers: readonly Provider[] = []
  let engine: Promise<OpenMux> | undefined
  try {
    settings = await loadSettings(asNamed(parsed), io)
    const loaded = settings
    const activity = new Activity(terminal, options.verbose === true)
    const { command } = await COMMANDS[commandOf(parsed, io)]()
    const create = (): Promise<CreatedProviders> =>
      (created ??= createProviders(loaded, io, terminal).then((made) => {
        providers = made.providers
        return made
      }))
    const code = await command({
      io,
      terminal,
      activity,
      interrupts,
      words,
      options,
      settings: loaded,
      told: new Set(),
      created: create,
      openMux: (adapt) => (engine ??= createEngine(create, loaded, io, terminal, options, adapt)),
    })
    return outputFailure === undefined
      ? code
      : outputFailed(outputFailure, terminal, manner(parsed, settings, providers))
  } catch (error) {
    if (outputFailure !== undefined)
      return await outputFailed(outputFailure, terminal, manner(parsed, settings, providers))
    const code = await reportError(error, terminal, manner(parsed, settings, providers))
    return code === EXIT_CODES.interrupted ? interrupts.exitCode : code
  } finally {
    clearInterval(awake)
    stopListening()
    const openmux = await engine?.catch(() => undefined)
    await (openmux?.close() ?? closeAll(providers)).catch(() => undefined)
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
    circumstances: circumstancesOf({}, []),
  })
  terminal.release()
  return code
}

/** `openmux` alone: the chat at a terminal, the question on standard input elsewhere. */
function commandOf({ command }: Parsed & { kind: 'command' }, { stdin }: CommandIo): CommandName {
  if (command !== undefined) return command
  return stdin.isTTY === true ? 'chat' : 'ask'
}

/** Who is named to be probed is part of the run, as with `--provider`: also a preset that nobody configured. */
function asNamed({ command, words, options }: Parsed & { kind: 'command' }): CommandOptions {
  const [provider] = words
  const isNamed = (command === 'probe' || command === 'discover') && provider !== undefined
  return isNamed ? { ...options, provider } : options
}

/** The engine over the providers of the run, with what earlier runs learned, and with the answers they kept where that is wanted. */
async function createEngine(
  create: () => Promise<CreatedProviders>,
  { configuration }: Settings,
  io: CommandIo,
  terminal: Terminal,
  options: CommandOptions,
  adapt: (provider: Provider) => Provider = (provider) => provider,
): Promise<OpenMux> {
  const { timeout, cache } = configuration
  const path = stateFile(configuration, io)
  const tell = stateTeller(terminal, options)
  const [made, ledger] = await Promise.all([create(), path === undefined ? undefined : keepState(path, tell)])
  const setup = { providers: made.providers.map(adapt), forceEnabled: made.forceEnabled }
  const openmux = createOpenMux({
    ...setup,
    // Who reads along can be told to forget what came, and prefers a whole answer to an error.
    onBreak: terminal.out.isTerminal ? 'restart' : 'continue',
    ...(ledger !== undefined && { ledger }),
    // Listings and probes end with it too.
    ...(timeout !== undefined && { timeouts: { totalMs: timeout * 1_000 } }),
  })
  if (cache !== true) return openmux
  const { keepAnswers } = await import('./state/keep-answers.js')
  return keepAnswers(openmux, setup, io, (line) => tell(line, false))
}

/** Providers that were made, but got no engine. */
async function closeAll(providers: readonly Provider[]): Promise<void> {
  await Promise.all(providers.map((provider) => provider.close()))
}

async function createProviders(
  settings: Settings,
  io: CommandIo,
  terminal: Terminal,
): Promise<CreatedProviders> {
  const made = await (io.createProviders ?? providersFrom())(settings)
  for (const notice of made.notices)
    terminal.err.lines(
      terminal.err.colours.notice(wrap(showControls(`note: ${notice}`), terminal.err.width, 2)),
    )
  return made
}

function manner(
  { command, options }: Parsed & { kind: 'command' },
  settings: Settings | undefined,
  providers: readonly Provider[],
): Manner {
  const configuration = settings?.configuration ?? {}
  // Vectors have a model of their own.
  const model = command === 'embed' ? configuration.embeddingModel : configuration.model
  return {
    json: options.json === true,
    verbose: options.verbose === true,
    circumstances: circumstancesOf({ ...configuration, model }, providers),
  }
}

/** One quiet line in a run, whatever goes wrong with the file; what is so in every run only where somebody looks. */
function stateTeller({ err }: Terminal, { verbose }: CommandOptions): TellState {
  let told = false
  return (line, lasting) => {
    if (told || (lasting && !err.isTerminal && verbose !== true)) return
    told = true
    err.lines(err.colours.quiet(wrap(showControls(`note: ${line}`), err.width, 2)))
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
