// @ts-check
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { progress } from './progress.mjs'
import { setupFolder } from './stamp.mjs'

const POLL_MS = 150
/** Taking a lock over is a few file operations: one this old belongs to a process that died in it. */
const TAKEOVER_LIMIT_MS = 10_000

/**
 * Runs `work` while no other process on this checkout sets up. A lock whose process has died is
 * taken over.
 * @template T
 * @param {() => Promise<T>} work
 * @param {string} [folder] where the lock lies
 * @returns {Promise<T>}
 */
export async function withSetupLock(work, folder = setupFolder) {
  const lockFile = join(folder, 'lock')
  let told = false
  while (!create(lockFile)) {
    const holder = holderOf(lockFile)
    if (holder === 'gone') removeStale(lockFile)
    if (!told && typeof holder === 'number') {
      told = true
      progress(`another process (${holder}) is setting up this checkout; waiting for it`)
    }
    await sleep(POLL_MS)
  }
  try {
    return await work()
  } finally {
    rmSync(lockFile, { force: true })
  }
}

/** @param {string} file @returns {boolean} whether this call made it */
function create(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    const code = /** @type {NodeJS.ErrnoException} */ (error).code
    if (code === 'EEXIST') return false
    // Not there yet, or removed by an install that starts from nothing.
    if (code === 'ENOENT') {
      mkdirSync(dirname(file), { recursive: true })
      return false
    }
    throw error
  }
}

/** @param {string} file @returns {number | 'gone' | 'unknown'} the process that holds it */
function holderOf(file) {
  /** @type {number} */
  let pid
  try {
    pid = Number.parseInt(readFileSync(file, 'utf8'), 10)
  } catch {
    return 'unknown'
  }
  // Made but not yet written: its process is about to.
  if (Number.isNaN(pid)) return ageOf(file) > TAKEOVER_LIMIT_MS ? 'gone' : 'unknown'
  try {
    process.kill(pid, 0)
    return pid
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM' ? pid : 'gone'
  }
}

/**
 * Removes a dead process's lock; a second lock keeps two processes from doing so in turn.
 * @param {string} lockFile
 */
function removeStale(lockFile) {
  const takeoverFile = `${lockFile}-takeover`
  if (!create(takeoverFile)) {
    if (ageOf(takeoverFile) > TAKEOVER_LIMIT_MS) rmSync(takeoverFile, { force: true })
    return
  }
  try {
    if (holderOf(lockFile) === 'gone') rmSync(lockFile, { force: true })
  } finally {
    rmSync(takeoverFile, { force: true })
  }
}

/** @param {string} file */
function ageOf(file) {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats === undefined ? 0 : Date.now() - stats.mtimeMs
}
