import { spawn, spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** The program as it is published. */
export const BIN = join(import.meta.dirname, '../../dist/bin.js')

/** A real process of the program. */
export interface Process {
  readonly done: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>
  out(): string
  err(): string
  type(text: string): void
  endInput(): void
  /** Closes our end of its standard output, as `head` does. */
  closeOutput(): void
  kill(signal: NodeJS.Signals): void
}

/** Where the standard streams go, when not to the test. */
export interface Streams {
  /** A file for standard output. */
  readonly stdoutTo?: string
  /** Nothing is connected to standard input. */
  readonly noStdin?: boolean
}

/**
 * Starts the built program in a world of its own: no environment, no home, no models but those given. The built-in
 * guide is among them only where a test says `OPENMUX_NO_NANO: ''`: with it hardly anything would fail.
 */
export function startProgram(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
  streams: Streams = {},
): Process {
  return follow(process.execPath, [BIN, ...argv], env, streams)
}

/** Why there is no pseudo-terminal here, or undefined: `script` of util-linux makes one. */
export function whyNoTerminal(): string | undefined {
  if (process.platform !== 'linux') return 'only `script` of util-linux is known to these tests'
  const found = spawnSync('script', ['--version'], { encoding: 'utf8' })
  return found.status === 0 && found.stdout.includes('util-linux')
    ? undefined
    : '`script` of util-linux is not installed'
}

/** The same at a pseudo-terminal of 80 columns: standard output and error arrive together, and keys can be pressed. */
export function startAtTerminal(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Process {
  const quoted = [process.execPath, BIN, ...argv]
    .map((word) => `'${word.replaceAll("'", "'\\''")}'`)
    .join(' ')
  return follow('script', ['-qefc', `stty cols 80 rows 40; exec ${quoted}`, '/dev/null'], {
    TERM: 'xterm',
    SHELL: '/bin/sh',
    ...env,
  })
}

/** Ctrl-C and Ctrl-D as a terminal sends them. */
export const CTRL_C = '\u0003'
export const CTRL_D = '\u0004'

function follow(
  command: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  { stdoutTo, noStdin = false }: Streams = {},
): Process {
  const home = mkdtempSync(join(tmpdir(), 'openmux-cli-'))
  const file = stdoutTo === undefined ? undefined : openSync(stdoutTo, 'w')
  const child = spawn(command, argv, {
    cwd: home,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      OPENMUX_CACHE: home,
      HF_HUB_OFFLINE: '1',
      OPENMUX_NO_NANO: '1',
      ...env,
    },
    stdio: [noStdin ? 'ignore' : 'pipe', file ?? 'pipe', 'pipe'],
  })
  if (file !== undefined) closeSync(file)
  const text = { out: '', err: '' }
  child.stdout?.setEncoding('utf8').on('data', (piece: string) => (text.out += piece))
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => (text.err += piece))
  // A program that ends while we type is no fault of the test.
  child.stdin?.on('error', () => undefined)
  const done = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => resolve({ code, signal }))
  })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await done.catch(() => undefined)
    rmSync(home, { recursive: true, force: true })
  })
  return {
    done,
    out: () => text.out,
    err: () => text.err,
    type: (typed) => void child.stdin?.write(typed),
    endInput: () => void child.stdin?.end(),
    closeOutput: () => void child.stdout?.destroy(),
    kill: (signal) => void child.kill(signal),
  }
}
