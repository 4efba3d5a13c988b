// @ts-check
import { spawn } from 'node:child_process'
import { progress, SetupError } from './progress.mjs'

const REMIND_MS = 30_000
const TAIL_CHARS = 3_000

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/** Ends every command still running; for the installer's own signal handlers. */
export function endRunningCommands() {
  for (const child of running) child.kill('SIGTERM')
}

/**
 * Runs a program to its end and returns what it wrote (stdout and stderr together). Throws with the
 * tail of that text when it fails, and with `missing` when the program is not there at all.
 * @param {string} program
 * @param {string[]} args
 * @param {{ what: string, missing?: string, cwd?: string, env?: NodeJS.ProcessEnv }} options
 *   `what` names the step in progress lines and errors
 * @returns {Promise<string>}
 */
export function runCommand(program, args, { what, missing, cwd, env }) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.add(child)
    let output = ''
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)

    // A build is silent for minutes: say that it is still alive.
    const reminder = setInterval(() => progress(`still busy: ${what}`), REMIND_MS)
    const settle = () => {
      clearInterval(reminder)
      running.delete(child)
    }
    child.on('error', (error) => {
      settle()
      const absent = 'code' in error && error.code === 'ENOENT'
      reject(absent ? new SetupError(missing ?? `${program} was not found (needed for: ${what})`) : error)
    })
    child.on('close', (code, signal) => {
      settle()
      if (code === 0) resolve(output)
      else
        reject(
          new SetupError(
            `${what} failed (${signal ?? `exit ${code}`}):\n${output.slice(-TAIL_CHARS).trim()}`,
          ),
        )
    })
  })
}
