import { mkdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted } from '../failures.js'
import type { HubCall } from './hub-client.js'
import { createLock, holdsLock, removeFoundLock, staleLock } from './lock-file.js'
import { pause } from './pause.js'

const LOCK_NAME = '.openmux.lock'
/** The holder touches its lock this often; `lock-file.ts` says after which silence it is taken for dead. */
const HEARTBEAT_MS = 5_000
const POLL_MS = 200

/** Gives the lock back, if it is still the caller's. */
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
    const text = await createLock(path)
    if (text !== undefined) return hold(path, text, call)
    if ((await staleLock(path)) === undefined || !(await clearAway(path))) await pause(POLL_MS, call)
  }
}

/**
 * Removes a lock whose holder died; answers whether it did. One at a time, and the lock is judged again
 * once that is sure: the verdict of before may be about a lock that somebody has taken over since.
 */
async function clearAway(path: string): Promise<boolean> {
  const turn = `${path}.takeover`
  const text = await createLock(turn)
  if (text === undefined) {
    const left = await staleLock(turn)
    if (left !== undefined) await removeFoundLock(turn, left)
    return false
  }
  try {
    const dead = await staleLock(path)
    return dead !== undefined && (await removeFoundLock(path, dead))
  } finally {
    await removeOwn(turn, text)
  }
}

function hold(path: string, text: string, { clock }: HubCall): Unlock {
  let cancel = (): void => undefined
  const touch = async (): Promise<void> => {
    const now = new Date()
    if (await holdsLock(path, text)) await utimes(path, now, now)
  }
  const beat = (): void => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      touch().catch(() => undefined)
      beat()
    })
  }
  beat()
  return async () => {
    cancel()
    await removeOwn(path, text)
  }
}

async function removeOwn(path: string, text: string): Promise<void> {
  if (await holdsLock(path, text)) await rm(path, { force: true })
}
