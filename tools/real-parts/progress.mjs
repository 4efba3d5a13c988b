// @ts-check

const started = Date.now()

/**
 * One progress line on stderr, with the seconds since the start. Results go to stdout, so that the
 * output of the installer can be piped.
 * @param {string} text
 */
export function progress(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1).padStart(6)
  process.stderr.write(`[real-parts ${seconds} s] ${text}\n`)
}

/** Something a person can mend (a missing tool, no network): shown without a stack trace. */
export class SetupError extends Error {
  name = 'SetupError'
}
