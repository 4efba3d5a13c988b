import { randomUUID } from 'node:crypto'
import { link, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { isRecord, parseJson } from '../json.js'

/** A holder that has not touched its lock for so long is taken for dead. */
const STALE_MS = 30_000

/** A lock as it was found: equal text and time mean the same lock, as each holder writes a token of its own. */
export interface FoundLock {
  readonly text: string
  readonly modifiedMs: number
}

/** Creates a lock and answers its text; `undefined` when there is one already. */
export async function createLock(path: string): Promise<string | undefined> {
  const text = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() })
  const handle = await open(path, 'wx').catch((error: unknown) => {
    if ((error as { code?: unknown }).code === 'EEXIST') return undefined
    throw error
  })
  if (handle === undefined) return undefined
  try {
    await handle.writeFile(text)
    return text
  } catch (error) {
    // A disk may be too full for these few bytes; an empty lock would only be in the way.
    await rm(path, { force: true })
    throw error
  } finally {
    await handle.close()
  }
}

/** Whether the lock at `path` is the one with this text. */
export async function holdsLock(path: string, text: string): Promise<boolean> {
  return (await find(path))?.text === text
}

/** The lock at `path` if its holder died: known at once on the same machine, after 30 s of silence elsewhere. */
export async function staleLock(path: string): Promise<FoundLock | undefined> {
  const found = await find(path)
  if (found === undefined) return undefined
  // File times are the system's, so they are compared with the system's clock.
  if (Date.now() - found.modifiedMs > STALE_MS) return found
  const holder = parseJson(found.text)
  const dead =
    isRecord(holder) &&
    holder['host'] === hostname() &&
    typeof holder['pid'] === 'number' &&
    !isRunning(holder['pid'])
  return dead ? found : undefined
}

/**
 * Removes the lock at `path` if it is still the one that was found; answers whether it did. It is moved aside in one step and
 * looked at there: another one, which came in between, is put back.
 */
export async function removeFoundLock(path: string, found: FoundLock): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`
  // Somebody else was faster, or has it open on a system that minds.
  if (!(await done(rename(path, aside)))) return false
  const taken = await find(aside)
  const same = taken?.text === found.text && taken.modifiedMs === found.modifiedMs
  // Linked rather than moved back: a lock that was created meanwhile is not overwritten.
  if (!same) await done(link(aside, path))
  await rm(aside, { force: true })
  return same
}

async function find(path: string): Promise<FoundLock | undefined> {
  try {
    const { mtimeMs } = await stat(path)
    return { text: await readFile(path, 'utf8'), modifiedMs: mtimeMs }
  } catch {
    return undefined
  }
}

async function done(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
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
