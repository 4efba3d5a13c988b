import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'

/** A lock is held for some milliseconds, or touched now and then: one this old was left behind, ms. */
const STALE_MS = 30_000
const DAY_MS = 86_400_000
/** Between two looks at a lock that somebody holds, ms; spread, so that those who wait do not march in step. */
const POLL_MS = { from: 5, to: 25 }

/** What file systems answer that know no links. */
const WITHOUT_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'])

/** A lock that is held. */
export interface FileLock {
  /** Whether it is still ours: a process that slept too long has lost it. */
  isHeld(): Promise<boolean>
  /** Shows that the holder lives. Needed every few seconds by whoever holds a lock for longer than 30 s. */
  touch(): Promise<void>
  /** Gives it back, if it is still ours. */
  release(): Promise<void>
}

/** A lock as it was found: each holder writes a token of its own. */
interface FoundLock {
  readonly text: string
  readonly modifiedMs: number
}

/**
 * Waits until nobody else holds the lock at `path`, and takes it; undefined when that took longer than `patienceMs`. A
 * lock whose holder died is taken over, as by {@link tryLock}.
 */
export async function takeLock(path: string, patienceMs: number): Promise<FileLock | undefined> {
  const deadline = Date.now() + patienceMs
  for (;;) {
    const lock = await tryLock(path)
    if (lock !== undefined || Date.now() >= deadline) return lock
    await pause(POLL_MS.from + Math.random() * (POLL_MS.to - POLL_MS.from))
  }
}

/**
 * Takes the lock at `path`, a file between processes that share a folder; undefined when somebody holds it. A lock whose
 * holder died is taken over: at once on the same machine, else when it has not been touched for 30 s. Throws what the
 * file system says when the lock cannot be made.
 */
export async function tryLock(path: string): Promise<FileLock | undefined> {
  for (;;) {
    const text = await createLock(path)
    if (text !== undefined) return heldLock(path, text)
    if ((await staleLock(path)) === undefined || !(await clearAway(path))) return undefined
  }
}

function heldLock(path: string, text: string): FileLock {
  const isHeld = async (): Promise<boolean> => (await find(path))?.text === text
  return {
    isHeld,
    async touch() {
      const now = new Date()
      if (await isHeld()) await utimes(path, now, now)
    },
    release: () => removeOwn(path, text),
  }
}

/**
 * Creates the lock and answers its text; undefined when there is one. It appears whole, by a link: a process killed
 * between making it and writing its name into it would otherwise lock everybody out until it is old.
 */
async function createLock(path: string): Promise<string | undefined> {
  if ((await find(path)) !== undefined) return undefined
  const text = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() })
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, text, { flag: 'wx', mode: 0o600 })
    await link(temporary, path)
    return text
  } catch (error) {
    const code = codeOf(error)
    // ENOENT: the holder of the lock tidied up, and takes ours for a leftover.
    if (code === 'EEXIST' || code === 'ENOENT') return undefined
    if (!WITHOUT_LINKS.has(code)) throw error
    return await createLockWithoutLink(path, text)
  } finally {
    await rm(temporary, { force: true })
  }
}

async function createLockWithoutLink(path: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 })
    return text
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return undefined
    // A disk may be too full for these few bytes; an empty lock would only be in the way.
    await rm(path, { force: true })
    throw error
  }
}

/** The lock at `path` if its holder is dead, or has been silent for too long. */
async function staleLock(path: string): Promise<FoundLock | undefined> {
  const found = await find(path)
  if (found === undefined) return undefined
  // File times are the system's, so they are compared with the system's clock; one from tomorrow is no time.
  const ageMs = Date.now() - found.modifiedMs
  if (ageMs > STALE_MS || ageMs < -DAY_MS) return found
  const { pid, host } = holderOf(found)
  return host === hostname() && pid !== undefined && !isRunning(pid) ? found : undefined
}

/**
 * Removes a lock whose holder died; answers whether it did. One at a time, and the lock is judged again once that is
 * sure: the verdict of before may be about a lock that somebody has taken over since.
 */
async function clearAway(path: string): Promise<boolean> {
  const turn = `${path}.takeover`
  const text = await createLock(turn)
  if (text === undefined) {
    const left = await staleLock(turn)
    if (left !== undefined) await removeFound(turn, left)
    return false
  }
  try {
    const dead = await staleLock(path)
    return dead !== undefined && (await removeFound(path, dead))
  } finally {
    await removeOwn(turn, text)
  }
}

/** Moves the lock aside in one step and looks at it there: another one, which came in between, is put back. */
async function removeFound(path: string, found: FoundLock): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`
  if (!(await succeeds(rename(path, aside)))) return false
  const taken = await find(aside)
  const same = taken?.text === found.text && taken.modifiedMs === found.modifiedMs
  // Linked rather than moved back: a lock that was created meanwhile is not overwritten.
  if (!same) await succeeds(link(aside, path))
  await rm(aside, { force: true })
  return same
}

async function removeOwn(path: string, text: string): Promise<void> {
  if ((await find(path))?.text === text) await rm(path, { force: true })
}

async function find(path: string): Promise<FoundLock | undefined> {
  try {
    const { mtimeMs } = await stat(path)
    return { text: await readFile(path, 'utf8'), modifiedMs: mtimeMs }
  } catch {
    return undefined
  }
}

function holderOf({ text }: FoundLock): { readonly pid?: number; readonly host?: unknown } {
  try {
    const { pid, host } = JSON.parse(text) as { pid?: unknown; host?: unknown }
    return { host, ...(typeof pid === 'number' && { pid }) }
  } catch {
    // Not ours, or made where there are no links by a process that was killed at it: age decides.
    return {}
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it runs, and belongs to somebody else.
    return codeOf(error) === 'EPERM'
  }
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code
}

async function succeeds(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
