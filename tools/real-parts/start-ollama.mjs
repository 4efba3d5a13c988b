// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { cachePaths } from './cache-folder.mjs'

const READY_MS = 30_000
const POLL_MS = 25
const STOP_MS = 10_000
const KEEP_LOGS_MS = 2 * 24 * 3_600_000
const TAIL_CHARS = 2_000

let count = 0

/**
 * Starts the cached Ollama and waits until it answers.
 * @type {typeof import('./ollama-server.mjs').startOllama}
 */
export async function startOllama({ port = 0, env = {} } = {}) {
  const log = await newLogFile()
  const output = await open(log, 'a')
  const child = spawn(cachePaths().binary, ['serve'], {
    // A group of its own, so that the server and its model runners can be ended together.
    detached: true,
    // The server writes its log by itself: a busy test process can never hold it up.
    stdio: ['ignore', output.fd, output.fd],
    env: serverEnvironment(port, env),
  })
  // Both at once: an early exit must not slip by between two waits.
  const exited = once(child, 'exit').then(() => undefined)
  await Promise.all([once(child, 'spawn'), output.close()]).catch((error) => {
    exited.catch(() => {})
    throw error
  })
  const pid = /** @type {number} */ (child.pid)
  const watchdog = endGroupWithThisProcess(pid)

  let swept = false
  const kill = async () => {
    // Once only: later the number of the group may belong to somebody else.
    if (!swept) {
      swept = true
      watchdog.kill('SIGKILL')
      endGroup(pid)
    }
    await exited
  }
  const stop = async () => {
    child.kill('SIGTERM')
    await Promise.race([exited, sleep(STOP_MS, undefined, { ref: false })])
    await kill()
  }
  try {
    const url = await untilReady(log, () => child.exitCode === null && child.signalCode === null)
    return { url, port: Number(new URL(url).port), pid, log, exited, stop, kill }
  } catch (error) {
    await kill()
    throw error
  }
}

/**
 * The variables of this shell that steer Ollama are left out: tests meet the same server everywhere.
 * @param {number} port
 * @param {Record<string, string>} env
 */
function serverEnvironment(port, env) {
  const { home, models } = cachePaths()
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('OLLAMA_'))
  return {
    ...Object.fromEntries(inherited),
    HOME: home,
    // Port 0: the server picks a free one itself, so that nobody can take it in between.
    OLLAMA_HOST: `127.0.0.1:${port}`,
    OLLAMA_MODELS: models,
    // A starting server would else delete the blobs that an installer has just uploaded.
    OLLAMA_NOPRUNE: '1',
    OLLAMA_NO_CLOUD: '1',
    ...env,
  }
}

/**
 * @param {string} log
 * @param {() => boolean} isAlive
 */
async function untilReady(log, isAlive) {
  const deadline = Date.now() + READY_MS
  while (isAlive() && Date.now() < deadline) {
    const port = /Listening on [^\s"]*:(\d+) /.exec(await readFile(log, 'utf8'))?.[1]
    const url = `http://127.0.0.1:${port}`
    if (port !== undefined && (await fetch(`${url}/api/version`).catch(() => undefined))?.ok) return url
    await sleep(POLL_MS)
  }
  const why = isAlive() ? `was not ready within ${READY_MS / 1000} s` : 'ended while it started'
  const tail = (await readFile(log, 'utf8')).slice(-TAIL_CHARS).trim()
  throw new Error(`Ollama ${why}. The end of ${log}:\n${tail}`)
}

/**
 * Ends the server's group when this process ends in whatever way, SIGKILL included: then the pipe
 * closes, and `read` returns.
 * @param {number} group
 */
function endGroupWithThisProcess(group) {
  const watchdog = spawn('/bin/sh', ['-c', `read -r _; kill -KILL -${group}`], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const pipe = /** @type {import('node:net').Socket} */ (watchdog.stdin)
  pipe.unref()
  watchdog.unref()
  return watchdog
}

/** @param {number} group */
function endGroup(group) {
  try {
    process.kill(-group, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}

async function newLogFile() {
  const { logs } = cachePaths()
  await mkdir(logs, { recursive: true })
  for (const name of await readdir(logs)) {
    const file = join(logs, name)
    const age = Date.now() - ((await stat(file).catch(() => undefined))?.mtimeMs ?? Date.now())
    if (age > KEEP_LOGS_MS) await rm(file, { force: true })
  }
  return join(logs, `ollama-${process.pid}-${Date.now()}-${(count += 1)}.log`)
}
