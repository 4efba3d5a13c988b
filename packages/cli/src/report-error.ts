import { isOpenMuxError, OpenMuxError, redact } from '@openmux/core'
import type { Configuration } from './configuration/configuration.js'
import { candidatesAsked, type KnownProvider, nobodyCould } from './render/asked-candidates.js'
import { errorText } from './render/error-text.js'
import { EXIT_CODES, exitCodeOf, exitCodeOfPart, type ExitCode } from './render/exit-codes.js'
import { type Circumstances, waysOut } from './render/ways-out.js'
import { showControls } from './terminal/control-characters.js'
import type { Terminal } from './terminal/terminal.js'

/** How an error is to be told. */
export interface Manner {
  readonly json: boolean
  readonly verbose: boolean
  readonly circumstances: Circumstances
}

/** Tells an error – on standard error for people, or as the one JSON object on standard output – and says how to end. */
export async function reportError(thrown: unknown, terminal: Terminal, manner: Manner): Promise<ExitCode> {
  if (!isOpenMuxError(thrown)) return reportFault(thrown, terminal, manner)
  const code = exitCodeOf(thrown)
  if (manner.json) {
    await terminal.out.write(`${JSON.stringify({ error: thrown.toJSON(), exitCode: code })}\n`)
    return code
  }
  const { out, err } = terminal
  await err.endLine()
  if (thrown.code === 'aborted') err.lines(err.colours.quiet('interrupted'))
  else {
    const { circumstances, verbose } = manner
    const cut = nobodyCould(thrown) ? candidatesAsked(thrown, circumstances.asked) : []
    await err.write(errorText(thrown, cut, waysOut(thrown, circumstances), verbose, err.colours, err.width))
  }
  const isPartOut = !out.isEmpty && (thrown.partial?.text ?? '') !== ''
  return isPartOut ? exitCodeOfPart(thrown) : code
}

/** Something threw that is no `OpenMuxError`: our own fault, told without dressing it up. */
async function reportFault(
  thrown: unknown,
  terminal: Terminal,
  { json, verbose }: Manner,
): Promise<ExitCode> {
  const message = redact(thrown instanceof Error ? thrown.message : String(thrown))
  const code = EXIT_CODES.internal
  if (json) {
    await terminal.out.write(`${JSON.stringify({ error: { code: 'internal', message }, exitCode: code })}\n`)
    return code
  }
  const { err } = terminal
  await err.endLine()
  err.lines(`${err.colours.bad('error')} A fault in OpenMux: ${showControls(message)}`)
  err.lines('  → Please report it with what you typed: https://github.com/openmux/openmux/issues')
  if (verbose && thrown instanceof Error)
    err.lines(err.colours.quiet(showControls(redact(thrown.stack ?? ''))))
  return code
}

/** The same inside a chat, which goes on. */
export function reportChatError(
  error: OpenMuxError,
  terminal: Terminal,
  configuration: Configuration,
  providers: readonly KnownProvider[],
  verbose: boolean,
): Promise<ExitCode> {
  const circumstances: Circumstances = { ...circumstancesOf(configuration, providers), inChat: true }
  return reportError(error, terminal, { json: false, verbose, circumstances })
}

/** What of the configuration decides which ways out there are. */
export function circumstancesOf(
  configuration: Configuration,
  providers: readonly KnownProvider[],
): Circumstances {
  const { provider, model, offline, localOnly } = configuration
  return {
    asked: { providers, provider, model, stayLocal: offline === true || localOnly === true },
    offline: offline === true,
    localOnly: localOnly === true,
    pinnedProvider: provider !== undefined,
    pinnedModel: model !== undefined,
    inChat: false,
  }
}

/** A wrong command line as a typed error. */
export function wrongUsage(message: string, hint: string): OpenMuxError {
  return new OpenMuxError({ code: 'bad-request', field: 'command line', message, hint })
}
