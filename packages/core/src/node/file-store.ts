import { mkdir, readFile, realpath, rename } from 'node:fs/promises'
import { dirname, isAbsolute } from 'node:path'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { LedgerStore } from '../store/ledger-store.js'
import { type FileLock, takeLock } from './file-lock.js'
import { removeLeftovers, replaceFile } from './replace-file.js'

/** Longest wait for other processes that are just saving, ms. */
const PATIENCE_MS = 10_000

/** How to keep a ledger in a file. */
export interface FileStoreOptions {
  /** Absolute. Its folder is made when it is missing; a lock is kept beside it. */
  readonly path: string
  /** Told where a file that could not be read was put: it is kept, and a new one begun. Must not throw. */
  readonly onDamaged?: (movedTo: string) => void
}

/**
 * Keeps a ledger in one file of JSON, readable by its owner alone. Several processes can share it: one at a time reads,
 * merges and replaces it in one step, so that a process that is killed in the middle leaves the old content. Symbolic
 * links are followed.
 *
 * Throws `bad-config` for a path that is not absolute. Its methods throw `needs-setup` (scope `machine`) when the file
 * cannot be read or written, and `unavailable` when other processes keep it locked for 10 s.
 */
export function fileStore(options: FileStoreOptions): LedgerStore {
  const { path: given, onDamaged } = options
  if (typeof given !== 'string' || !isAbsolute(given)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'path',
      message: 'The option `path` of fileStore() must be an absolute path.',
      hint: 'Join it with the folder it is meant in, for instance by `path.resolve()`.',
    })
  }
  let turn: Promise<unknown> = Promise.resolve()

  /** One after the other here, and one process at a time. */
  const locked = <T>(work: (path: string, lock: FileLock) => Promise<T>): Promise<T> => {
    const run = async (): Promise<T> => {
      await mkdir(dirname(given), { recursive: true, mode: 0o700 })
      const path = await realpath(given).catch(() => given)
      const lock = await takeLock(`${path}.lock`, PATIENCE_MS)
      if (lock === undefined) throw lockedOut(path)
      try {
        return await work(path, lock)
      } finally {
        // What was saved is saved: a lock that cannot be given back becomes stale.
        await lock.release().catch(() => undefined)
      }
    }
    const done = turn.then(run).catch((error: unknown) => {
      throw described(error, given)
    })
    turn = done.catch(() => undefined)
    return done
  }

  /** What is stored, for the holder of the lock: what cannot be read is set aside. */
  const readOrSetAside = async (path: string): Promise<unknown> => {
    const found = await readJson(path)
    if (found !== DAMAGED) return found
    const aside = `${path}.damaged-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    await rename(path, aside)
    onDamaged?.(aside)
    return undefined
  }

  return {
    async load() {
      const found = await readJson(given).catch((error: unknown) => {
        throw described(error, given)
      })
      return found === DAMAGED ? locked(readOrSetAside) : found
    },
    async save(merge) {
      await locked(async (path, lock) => {
        await removeLeftovers(path)
        const merged = merge(await readOrSetAside(path))
        if (merged === undefined) return
        if (!(await replaceFile(path, `${JSON.stringify(merged)}\n`, lock.isHeld))) throw lockedOut(path)
      })
    },
  }
}

const DAMAGED = Symbol('damaged')

/** Replaced in one step, the file can be read without the lock. */
async function readJson(path: string): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text) as unknown
  } catch {
    return DAMAGED
  }
}

function lockedOut(path: string): OpenMuxError {
  return new OpenMuxError({
    code: 'unavailable',
    scope: 'machine',
    message: `Other processes keep ${path} locked.`,
    hint: `If none is running, remove ${path}.lock.`,
  })
}

function described(error: unknown, path: string): unknown {
  const { code } = error as { code?: unknown }
  if (error instanceof OpenMuxError || typeof code !== 'string') return error
  return new OpenMuxError({
    code: 'needs-setup',
    scope: 'machine',
    field: 'path',
    message: `The file ${path} cannot be read or written (${code}).`,
    hint: 'Check that its folder can be written and that the disk has room, or choose another path.',
    cause: error,
  })
}
