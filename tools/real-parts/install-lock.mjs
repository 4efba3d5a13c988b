// @ts-check
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rmdir, stat, unlink, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { progress } from './progress.mjs'

const BEAT_MS = 5_000
const STALE_MS = 60_000
const POLL_MS = 250

/**
 * Runs `work` while holding a lock folder, so that two installers never share the temp folder.
 *
 * The folder holds one file, named after its owner. It is filled first and then renamed into place:
 * a rename onto a filled folder fails and onto an empty one succeeds, both atomically, so there is
 * always exactly one owner, also when a stale lock is broken by several waiters at once.
 * @template T
 * @param {string} lock
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(lock, work) {
  const owner = `owner-${randomUUID()}`
  await mkdir(dirname(lock), { recursive: true })
  let told = false
  while (!(await take(lock, owner))) {
    if (await dropStaleOwner(lock)) continue
    if (!told) progress('another installer is at work: waiting for it')
    told = true
    await sleep(POLL_MS)
  }
  const file = join(lock, owner)
  const beat = setInterval(() => {
    const now = new Date()
    utimes(file, now, now).catch(() => {})
  }, BEAT_MS)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    await unlink(file).catch(() => {})
    // Fails when the next owner has already moved in: then the folder is theirs.
    await rmdir(lock).catch(() => {})
  }
}

/**
 * @param {string} lock
 * @param {string} owner
 */
async function take(lock, owner) {
  const filled = `${lock}-${owner}`
  await mkdir(filled)
  await writeFile(join(filled, owner), JSON.stringify({ pid: process.pid, host: hostname() }))
  try {
    await rename(filled, lock)
    return true
  } catch (error) {
    await unlink(join(filled, owner))
    await rmdir(filled)
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false
    throw error
  }
}

/**
 * Removes the file of an owner that ended without letting go. Only that one file: a new owner has
 * another name, so it cannot be hit by a late decision.
 * @param {string} lock
 */
async function dropStaleOwner(lock) {
  let dropped = false
  const names = await readdir(lock).catch(() => [])
  for (const name of names) {
    const file = join(lock, name)
    const [text, stats] = await Promise.all([readFile(file, 'utf8'), stat(file)]).catch(() => [])
    if (text === undefined || stats === undefined) continue
    if (Date.now() - stats.mtimeMs > STALE_MS || isDead(text)) {
      progress('an earlier installer ended without letting go of its lock')
      await unlink(file).catch(() => {})
      dropped = true
    }
  }
  return dropped
}

/** @param {string} text */
function isDead(text) {
  try {
    const { pid, host } = JSON.parse(text)
    if (host !== hostname()) return false
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
