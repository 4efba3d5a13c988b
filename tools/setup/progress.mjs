// @ts-check
import { stopWithNpm } from './stop-with-npm.mjs'

/**
 * One line about what setup does. Always on stderr: stdout belongs to the answer.
 * @param {string} line
 */
export function progress(line) {
  process.stderr.write(`[setup] ${line}\n`)
}

/** A failure of setup that a person can act on: its message is all that is shown. */
export class SetupError extends Error {
  name = 'SetupError'
}

/**
 * Runs a main function; a `SetupError` ends in its message, anything else in its stack.
 * @param {() => Promise<number>} main gives the exit code
 */
export async function runMain(main) {
  stopWithNpm()
  try {
    process.exitCode = await main()
  } catch (error) {
    progress(
      error instanceof SetupError
        ? error.message
        : `unexpected failure: ${error instanceof Error ? error.stack : String(error)}`,
    )
    process.exitCode = 1
  }
}
