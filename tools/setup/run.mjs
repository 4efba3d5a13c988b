// @ts-check
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { isAbsolute } from 'node:path'
import { SetupError } from './progress.mjs'
import { root, workspaceEnv, workspaceNode } from './workspace.mjs'

/** @typedef {{ cwd?: string, env?: NodeJS.ProcessEnv }} RunOptions */

/**
 * Runs a command to its end at our terminal.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions & { stdoutToStderr?: boolean }} [options]
 * @returns {Promise<number>} its exit code; 128 + the signal's number when a signal ended it
 */
export function run(command, args, { stdoutToStderr = false, ...options } = {}) {
  return ended(
    command,
    start(command, args, ['inherit', stdoutToStderr ? process.stderr : 'inherit', 'inherit'], options),
  )
}

/**
 * Runs a command to its end and keeps what it prints: on stdout, and on both channels in order.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export async function capture(command, args, options = {}) {
  const child = start(command, args, ['ignore', 'pipe', 'pipe'], options)
  let stdout = ''
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => {
    stdout += text
    output += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text))
  const code = await ended(command, child)
  return { code, stdout, output }
}

/**
 * Runs a script by the workspace's own Node.
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 */
export function runNode(args, options) {
  return run(workspaceNode, args, options)
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').StdioOptions} stdio
 * @param {RunOptions} options
 */
function start(command, args, stdio, { cwd = root, env = workspaceEnv() }) {
  // What comes from PATH is a `.cmd` file on Windows, which needs a shell.
  return spawn(command, args, {
    cwd,
    env,
    stdio,
    shell: process.platform === 'win32' && !isAbsolute(command),
  })
}

/**
 * @param {string} command
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>}
 */
function ended(command, child) {
  const stopPassing = passSignals(child)
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      stopPassing()
      reject(new SetupError(`could not start ${command}: ${error.message}`))
    })
    child.once('close', (code, signal) => {
      stopPassing()
      resolve(code ?? 128 + (signal === null ? 1 : constants.signals[signal]))
    })
  })
}

/**
 * Hands our signals to the child and stays alive until it has ended. At a terminal the child
 * already gets Ctrl-C from it, and npm passes it on once more: a second one would mean "quit now"
 * to a program that stops its answer at the first.
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignals(child) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const handlers = signals.map((signal) => {
    const handler = () => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    process.on(signal, handler)
    return { signal, handler }
  })
  return () => {
    for (const { signal, handler } of handlers) process.off(signal, handler)
  }
}
