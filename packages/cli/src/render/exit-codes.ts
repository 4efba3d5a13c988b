import type { ErrorCode, FinishReason, OpenMuxError } from '@openmux/core'

/** How the program can end. `docs/cli.md` lists exactly these; a test holds the two together. */
export const EXIT_CODES = {
  ok: 0,
  /** A fault in OpenMux itself. */
  internal: 1,
  /** The command, its input or the configuration is wrong. */
  usage: 2,
  /** Nothing can answer as things stand: a person must act. */
  setup: 3,
  /** What was tried failed. */
  failed: 4,
  /** The answer on standard output is not whole. */
  partial: 5,
  /** A back end is not what its package says. */
  drift: 6,
  timeout: 124,
  interrupted: 130,
  terminated: 143,
} as const

/** One of the numbers in {@link EXIT_CODES}. */
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES]

const BY_CODE: Readonly<Record<ErrorCode, ExitCode>> = {
  'bad-request': EXIT_CODES.usage,
  'bad-config': EXIT_CODES.usage,
  auth: EXIT_CODES.setup,
  credits: EXIT_CODES.setup,
  'model-not-found': EXIT_CODES.setup,
  'model-not-served': EXIT_CODES.setup,
  unsupported: EXIT_CODES.setup,
  region: EXIT_CODES.setup,
  'needs-setup': EXIT_CODES.setup,
  'provider-disabled': EXIT_CODES.setup,
  'no-candidate': EXIT_CODES.setup,
  'rate-limit': EXIT_CODES.failed,
  quota: EXIT_CODES.failed,
  'endpoint-gone': EXIT_CODES.failed,
  'endpoint-moved': EXIT_CODES.failed,
  'not-found': EXIT_CODES.failed,
  'too-large': EXIT_CODES.failed,
  'context-too-long': EXIT_CODES.failed,
  'content-filter': EXIT_CODES.failed,
  'model-fault': EXIT_CODES.failed,
  network: EXIT_CODES.failed,
  'bad-response': EXIT_CODES.failed,
  unavailable: EXIT_CODES.failed,
  loading: EXIT_CODES.failed,
  'all-failed': EXIT_CODES.failed,
  truncated: EXIT_CODES.partial,
  timeout: EXIT_CODES.timeout,
  aborted: EXIT_CODES.interrupted,
}

/** The exit code of a failure. */
export function exitCodeOf(error: Pick<OpenMuxError, 'code'>): ExitCode {
  return BY_CODE[error.code]
}

/** The same when the beginning of the answer was printed: whoever reads it must know that it is not whole, whatever broke it. */
export function exitCodeOfPart(error: Pick<OpenMuxError, 'code'>): ExitCode {
  const code = exitCodeOf(error)
  return code === EXIT_CODES.failed || code === EXIT_CODES.setup ? EXIT_CODES.partial : code
}

/** The exit code of an answer that came to its end: one that hit a limit is not whole. */
export function exitCodeOfAnswer(reason: FinishReason): ExitCode {
  return reason === 'length' || reason === 'content-filter' ? EXIT_CODES.partial : EXIT_CODES.ok
}
