import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { type AnswerCache, type CachedEntry, isCacheKey } from '../cache/answer-cache.js'
import { type Clock, systemClock } from '../contract/clock.js'
import { OpenMuxError } from '../errors/openmux-error.js'

/** Bounds of {@link fileCache}. */
export interface FileCacheOptions {
  /** Absolute. Made when it is missing, readable by its owner alone. Other files in it are never touched. */
  readonly folder: string
  /** Default 10,000. */
  readonly maxEntries?: number
  /** Default 256 MiB. A larger entry is not kept. */
  readonly maxBytes?: number
  /** Age at which an entry is forgotten, ms; 0: never. Default 7 days. */
  readonly ttlMs?: number
  readonly clock?: Clock
}

/** Our own files, and what a killed process may have left of writing one. */
const OWN_FILE = /^openmux-answer-([0-9a-f]{64})\.json$/
const LEFTOVER = /^openmux-answer-[0-9a-f]{64}\.[0-9a-f-]+\.tmp$/
/** A file still being written is not a leftover: age from which one is, ms. */
const LEFTOVER_AFTER_MS = 60_000
/** Written in front of every entry; another version is not read. */
const FORMAT = 'openmux-answer/1'
/** Writes after which the folder is looked at again: other processes write there too. */
const LOOK_AGAIN_AFTER = 256
/** How full the folder is after making room, so that not every write has to make some. */
const ROOM = 0.9

/**
 * A cache in a folder, one file an entry, shared by as many processes as like. Files are written beside and renamed:
 * nobody reads half of one. Each carries a checksum; a damaged one counts as absent. What was least recently used goes
 * first. Answers are stored as they are: the folder is for its owner alone.
 *
 * Errors: `bad-config` for a folder that is not absolute, `bad-request` for a key that is none; `needs-setup` (scope
 * `machine`) when the folder cannot be written. What cannot be read counts as absent.
 */
export function fileCache(options: FileCacheOptions): AnswerCache {
  const { folder, maxEntries = 10_000, maxBytes = 256 * 2 ** 20, ttlMs = 7 * 86_400_000 } = options
  const { clock = systemClock } = options
  if (typeof folder !== 'string' || !isAbsolute(folder)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'folder',
      message: 'The option `folder` of fileCache() must be an absolute path.',
      hint: 'Join it with the folder it is meant in, for instance by `path.resolve()`.',
    })
  }
  /** Bytes by key, as far as this process knows; undefined until the folder was looked at. */
  let known: Map<string, number> | undefined
  /** Written since the last look began: it may not have seen them. */
  let written = new Map<string, number>()
  let writes = 0
  let making: Promise<void> | undefined

  const pathOf = (key: string): string => join(folder, `openmux-answer-${checkedKey(key)}.json`)

  const remove = async (key: string): Promise<void> => {
    await rm(pathOf(key), { force: true })
    known?.delete(key)
    written.delete(key)
  }
  const isOver = (share: number): boolean =>
    known !== undefined && (known.size > maxEntries * share || sumOf(known) > maxBytes * share)

  const makeRoom = async (): Promise<void> => {
    written = new Map()
    const found = await ownFiles(folder)
    known = new Map([...found.map(({ key, bytes }) => [key, bytes] as const), ...written])
    if (!isOver(1)) return
    for (const { key } of found.toSorted((a, b) => a.usedAt - b.usedAt)) {
      // The last one is what was just written.
      if (!isOver(ROOM) || known.size <= 1) break
      await remove(key)
    }
  }
  const keepBounds = async (): Promise<void> => {
    writes += 1
    let mustLook = known === undefined || writes % LOOK_AGAIN_AFTER === 0
    while (mustLook || isOver(1)) {
      mustLook = false
      // One at a time: two would remove twice as much as needed.
      making ??= makeRoom().finally(() => {
        making = undefined
      })
      await making
    }
  }

  return {
    async get(key) {
      const path = pathOf(key)
      const entry = readEntry(await readFile(path, 'utf8').catch(() => ''), key)
      if (entry === undefined) return undefined
      if (ttlMs > 0 && clock.now() - entry.storedAt >= ttlMs) {
        await remove(key).catch(() => undefined)
        return undefined
      }
      // So that what is used stays. Not waited for, and no harm where it is not allowed.
      const now = new Date()
      utimes(path, now, now).catch(() => undefined)
      return entry
    },
    async set(key, entry) {
      const path = pathOf(key)
      const content = writeEntry(key, entry)
      const bytes = Buffer.byteLength(content)
      if (bytes > maxBytes || maxEntries < 1) {
        // What was there is out of date all the same.
        await remove(key)
        return
      }
      const temporary = join(folder, `openmux-answer-${key}.${randomUUID()}.tmp`)
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await writeFile(temporary, content, { mode: 0o600, flag: 'wx' })
        await rename(temporary, path)
        known?.set(key, bytes)
        written.set(key, bytes)
        await keepBounds()
      } catch (cause) {
        throw new OpenMuxError({
          code: 'needs-setup',
          scope: 'machine',
          message: `The answer cache cannot write to its folder ${folder}.`,
          hint: 'Check that the folder is yours and the disk is not full.',
          cause,
        })
      } finally {
        await rm(temporary, { force: true }).catch(() => undefined)
      }
    },
    delete: remove,
    async clear() {
      const files = await ownFiles(folder)
      await Promise.all(files.map(({ key }) => remove(key)))
      known = undefined
      return files.length
    },
    async size() {
      const files = await ownFiles(folder)
      return { entries: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
  }
}

interface OwnFile {
  readonly key: string
  readonly bytes: number
  readonly usedAt: number
}

/** Our entries in a folder. Removes old leftovers on the way. */
async function ownFiles(folder: string): Promise<readonly OwnFile[]> {
  const listed = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const found = await Promise.all(
    // Only regular files: a link or folder of our name is somebody else's.
    listed
      .filter((file) => file.isFile())
      .map(async ({ name }): Promise<OwnFile | undefined> => {
        const key = OWN_FILE.exec(name)?.[1]
        const isLeftover = LEFTOVER.test(name)
        if (key === undefined && !isLeftover) return undefined
        const path = join(folder, name)
        const about = await stat(path).catch(() => undefined)
        if (about === undefined) return undefined
        if (key !== undefined) return { key, bytes: about.size, usedAt: about.mtimeMs }
        if (Date.now() - about.mtimeMs > LEFTOVER_AFTER_MS)
          await rm(path, { force: true }).catch(() => undefined)
        return undefined
      }),
  )
  return found.filter((file) => file !== undefined)
}

function writeEntry(key: string, { storedAt, value }: CachedEntry): string {
  const body = JSON.stringify(value)
  return `${JSON.stringify({ format: FORMAT, key, storedAt, sha256: sha256(body) })}\n${body}`
}

/** Undefined for everything that is not a whole entry of this key. */
function readEntry(content: string, key: string): CachedEntry | undefined {
  const end = content.indexOf('\n')
  if (end < 0) return undefined
  try {
    const head: unknown = JSON.parse(content.slice(0, end))
    const body = content.slice(end + 1)
    if (typeof head !== 'object' || head === null) return undefined
    const { format, key: own, storedAt, sha256: sum } = head as Readonly<Record<string, unknown>>
    if (format !== FORMAT || own !== key || typeof storedAt !== 'number' || sum !== sha256(body))
      return undefined
    return { storedAt, value: JSON.parse(body) as unknown }
  } catch {
    return undefined
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function sumOf(bytes: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const size of bytes.values()) sum += size
  return sum
}

/** A key becomes part of a path: nothing but 64 hexadecimal digits may. */
function checkedKey(key: string): string {
  if (isCacheKey(key)) return key
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'key',
    message: 'A cache key must be 64 hexadecimal digits.',
    hint: 'Make it with cacheKey().',
  })
}
