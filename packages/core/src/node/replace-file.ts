import { randomUUID } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** Windows refuses to replace a file that somebody is just reading: tries, and ms between them. */
const RENAME_TRIES = 20
const RENAME_PAUSE_MS = 25

/**
 * Replaces a file in one step: whoever reads it, or dies in between, has the old or the new content, never a part.
 * Readable by its owner alone. Nothing is replaced when `isStillAllowed` says no at the last moment: then it answers false.
 */
export async function replaceFile(
  path: string,
  content: string,
  isStillAllowed: () => Promise<boolean>,
): Promise<boolean> {
  const temporary = `${path}.${process.pid}-${randomUUID()}.tmp`
  try {
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(content)
      // Without this a power cut may leave an empty file under the new name.
      await handle.sync()
    } finally {
      await handle.close()
    }
    if (!(await isStillAllowed())) return false
    await renamePatiently(temporary, path)
    await syncFolder(dirname(path))
    return true
  } finally {
    await rm(temporary, { force: true })
  }
}

/** Removes what killed processes left of their writing. Only to be called by the holder of the lock. */
export async function removeLeftovers(path: string): Promise<void> {
  const name = `${basename(path)}.`
  const found = await readdir(dirname(path)).catch(() => [])
  const left = found.filter((file) => file.startsWith(name) && file.endsWith('.tmp'))
  await Promise.all(left.map((file) => rm(join(dirname(path), file), { force: true })))
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await rename(from, to)
      return
    } catch (error) {
      const { code } = error as { code?: unknown }
      const isBusy = code === 'EPERM' || code === 'EACCES' || code === 'EBUSY'
      if (process.platform !== 'win32' || !isBusy || attempt >= RENAME_TRIES) throw error
      await pause(RENAME_PAUSE_MS)
    }
  }
}

/** Makes the new name itself survive a power cut. Some systems cannot, which costs nothing but that. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r')
    try {
      await handle.sync()
    } finally {
      await handle.close()
    }
  } catch {
    // Windows opens no folders.
  }
}
