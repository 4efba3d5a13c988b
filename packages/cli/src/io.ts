import { homedir } from 'node:os'
import type { ProvidersFactory } from './providers/create-providers.js'

/** A stream to write to, with what a terminal adds. */
export type OutputStream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number }

/** The signals by which people and programs end a command. */
export type ProcessSignal = 'SIGINT' | 'SIGTERM'

/** Everything the command line touches outside itself, so that it can be run inside another program and in tests. */
export interface CommandIo {
  readonly stdin: NodeJS.ReadableStream & { readonly isTTY?: boolean }
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Working folder: `.env` is read here, the search for the configuration file starts here. */
  readonly cwd: string
  /** The user's home folder. */
  readonly home: string
  readonly platform: NodeJS.Platform
  /** Listens for Ctrl-C and the request to end; the returned function stops listening. */
  onSignal(listener: (signal: ProcessSignal) => void): () => void
  /** Ends the process at once, without waiting for anything. */
  exitNow(code: number): void
  /** Makes the back ends. Default: the provider packages that are installed, as configured. */
  readonly createProviders?: ProvidersFactory
}

/** The real thing: this process. */
export function processIo(): CommandIo {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    platform: process.platform,
    onSignal(listener) {
      const interrupt = (): void => listener('SIGINT')
      const terminate = (): void => listener('SIGTERM')
      process.on('SIGINT', interrupt)
      process.on('SIGTERM', terminate)
      return () => {
        process.off('SIGINT', interrupt)
        process.off('SIGTERM', terminate)
      }
    },
    exitNow: (code) => process.exit(code),
  }
}
