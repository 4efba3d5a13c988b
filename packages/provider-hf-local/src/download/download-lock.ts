import { mkdir, open, readFile, rm, stat, utimes } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { isRecord, parseJson } from '../json.js'
import { throwIfAborted } from '../failures.js'
import type { HubCall } from './hub-client.js'

const LOCK_NAME = '.openmux.lock'
/** The holder touches its lock this often … */
const HEARTBEAT_MS = 5_000
/** … and is taken for dead after this silence. */
const STALE_MS = 30_000
const POLL_MS = 200

/** Gives the lock back. */
export type Unlock = () => Promise<void>

/**
 * Lets one process at a time download into a folder; the others wait, or stop waiting when their
 * caller leaves. A lock left behind by a process that died is taken over: at once on the same
 * machine, after 30 s of silence on a shared disk.
 */
export async function lockFolder(folder: string, call: HubCall, model: string): Promise<Unlock> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, LOCK_NAME)
  for (;;) {
    throwIfAborted(call.signal, model)
    if (await create(path)) return hold(path, call)
    if (await isStale(path)) await rm(path, { force: true })
    else await wait(POLL_MS, call)
  }
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }))
    await handle.close()
    return true
  } catch (error) {
    if ((error as { code?: unknown }).code === 'EEXIST') return false
    throw error
  }
}

function hold(path: string, { clock }: HubCall): Unlock {
  let cancel = (): void => undefined
  const beat = (): void => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      const now = new Date()
      utimes(path, now, now).catch(() => undefined)
      beat()
    })
  }
  beat()
  return async () => {
    cancel()
    await rm(path, { force: true })
  }
}

async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined) return false
  // File times are the system's, so they are compared with the system's clock.
  if (Date.now() - found.mtimeMs > STALE_MS) return true
  const holder = parseJson(await readFile(path, 'utf8').catch(() => ''))
  return (
    isRecord(holder) &&
    holder['host'] === hostname() &&
    typeof holder['pid'] === 'number' &&
    !isRunning(holder['pid'])
  )
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return (error as { code?: unknown }).code === 'EPERM'
  }
}

function wait(delayMs: number, { clock, signal }: HubCall): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(delayMs, wake)
    signal.addEventListener('abort', wake, { once: true })
  })
}
