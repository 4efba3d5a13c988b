import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable } from 'node:stream'
import type { Provider } from '@openmux/core'
import { onTestFinished } from 'vitest'
import { type CommandIo, type OutputStream, type ProcessSignal, run } from '../../src/index.js'

/** How the outside world is arranged for one run. */
export interface World {
  readonly providers?: readonly Provider[]
  readonly forceEnabled?: readonly string[]
  /** What is piped in. Default: an empty pipe. */
  readonly stdin?: string | Buffer | Readable
  readonly stdoutTerminal?: boolean
  readonly stderrTerminal?: boolean
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly home?: string
  /** Uses the real provider packages instead of `providers`; the built-in guide only with `OPENMUX_NO_NANO: ''`. */
  readonly realProviders?: boolean
  /** Told of every write, in the order of both outputs. */
  readonly onWrite?: (where: 'out' | 'err', text: string) => void
}

/** A run under way. */
export interface Running {
  readonly done: Promise<Outcome>
  out(): string
  err(): string
  signal(signal: ProcessSignal): void
  readonly io: CommandIo
}

/** What a run left behind. */
export interface Outcome {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Exit codes asked for at once (a second Ctrl-C). */
  readonly exits: readonly number[]
}

/** Starts the command line in this process, with providers given by the test. */
export function start(argv: readonly string[], world: World = {}): Running {
  const stdout = capture(world.stdoutTerminal === true, (text) => world.onWrite?.('out', text))
  const stderr = capture(world.stderrTerminal === true, (text) => world.onWrite?.('err', text))
  const listeners = new Set<(signal: ProcessSignal) => void>()
  const exits: number[] = []
  const io: CommandIo = {
    stdin: stdinOf(world.stdin ?? ''),
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { ...(world.realProviders === true && { OPENMUX_NO_NANO: '1' }), ...world.env },
    cwd: world.cwd ?? emptyFolder(),
    home: world.home ?? emptyFolder(),
    platform: 'linux',
    onSignal(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exitNow: (code) => exits.push(code),
    ...(world.realProviders !== true && {
      createProviders: async () => ({
        // A run closes its providers; tests use one for several runs.
        providers: (world.providers ?? []).map((provider) => ({ ...provider, close: async () => undefined })),
        forceEnabled: world.forceEnabled ?? [],
        notices: [],
      }),
    }),
  }
  const done = run(argv, io).then((code) => ({ code, out: stdout.text(), err: stderr.text(), exits }))
  return {
    done,
    out: stdout.text,
    err: stderr.text,
    signal: (signal) => {
      for (const listener of listeners) listener(signal)
    },
    io,
  }
}

/** {@link start} and its end. */
export function outcome(argv: readonly string[], world: World = {}): Promise<Outcome> {
  return start(argv, world).done
}

/** A new folder that is gone after the test. */
export function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'openmux-cli-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

function capture(
  isTerminal: boolean,
  onWrite: (text: string) => void,
): { readonly stream: OutputStream; readonly text: () => string } {
  const stream = new PassThrough()
  const chunks: string[] = []
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk.toString('utf8'))
    onWrite(chunk.toString('utf8'))
  })
  if (isTerminal) Object.assign(stream, { isTTY: true, columns: 80 })
  return { stream, text: () => chunks.join('') }
}

function stdinOf(given: NonNullable<World['stdin']>): CommandIo['stdin'] {
  if (given instanceof Readable) return given
  return Readable.from(given.length === 0 ? [] : [Buffer.from(given)])
}
