import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type FileLock, tryLock } from '@openmux/core/node'
import { throwIfAborted } from '../failures.js'
import type { HubCall } from './hub-client.js'
import { pause } from './pause.js'

const LOCK_NAME = '.openmux.lock'
/** The holder touches its lock this often; after 30 s of silence it is taken for dead. */
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
    const lock = await tryLock(path)
    if (lock !== undefined) return hold(lock, call)
    await pause(POLL_MS, call)
  }
}

function hold(lock: FileLock, { clock }: HubCall): Unlock {
  let cancel = (): void => undefined
  const beat = (): void => {
    cancel = clock.after(HEARTBEAT_MS, () => {
      lock.touch().catch(() => undefined)
      beat()
    })
  }
  beat()
  return async () => {
    cancel()
    await lock.release()
  }
}
