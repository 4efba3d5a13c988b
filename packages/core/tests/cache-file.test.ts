import {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileCache } from '../src/node/file-cache.js'
import { fileSecret } from '../src/node/file-secret.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'

const keyOf = (number: number): string => number.toString(16).padStart(64, '0')
const fileOf = (number: number): string => `openmux-answer-${keyOf(number)}.json`
let folder = ''

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'cache-')), 'answers')
})
afterEach(async () => {
  await rm(join(folder, '..'), { recursive: true, force: true })
})

describe('a cache in a folder', () => {
  it('gives back what was kept, also to another process, in files of their owner alone', async () => {
    const value = { text: 'Grüße 🌊', list: [1, null] }
    await fileCache({ folder }).set(keyOf(1), { storedAt: Date.now(), value })
    expect((await fileCache({ folder }).get(keyOf(1)))?.value).toEqual(value)
    expect(await fileCache({ folder }).get(keyOf(2))).toBeUndefined()
    expect(await readdir(folder)).toEqual([fileOf(1)])
    if (process.platform !== 'win32') {
      expect((await stat(join(folder, fileOf(1)))).mode & 0o777).toBe(0o600)
      expect((await stat(folder)).mode & 0o777).toBe(0o700)
    }
  })

  it('takes a damaged entry for absent, wherever it is damaged', async () => {
    const cache = fileCache({ folder })
    await cache.set(keyOf(1), { storedAt: Date.now(), value: { text: 'The sea is blue.' } })
    const path = join(folder, fileOf(1))
    const whole = await readFile(path)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 1),
        fc.integer({ min: 1, max: 255 }),
        fc.boolean(),
        async (at, flip, cut) => {
          const damaged = Buffer.from(whole)
          damaged[at] = (damaged[at] ?? 0) ^ flip
          await writeFile(path, damaged)
          if (cut) await truncate(path, at)
          const found = await cache.get(keyOf(1))
          // Only the time in the head is not under the checksum; it may be another, but the answer never is.
          if (found !== undefined) expect(found.value).toEqual({ text: 'The sea is blue.' })
          if (cut) expect(found).toBeUndefined()
        },
      ),
      { numRuns: 150 },
    )
    await cache.set(keyOf(1), { storedAt: Date.now(), value: 'new' })
    expect((await cache.get(keyOf(1)))?.value).toBe('new')
  })

  it('does not take an entry that was moved under another key', async () => {
    const cache = fileCache({ folder })
    await cache.set(keyOf(1), { storedAt: Date.now(), value: 'for alice' })
    await writeFile(join(folder, fileOf(2)), await readFile(join(folder, fileOf(1))))
    expect(await cache.get(keyOf(2))).toBeUndefined()
  })

  it('clears its own files and no others', async () => {
    const cache = fileCache({ folder })
    await cache.set(keyOf(1), { storedAt: Date.now(), value: 1 })
    await cache.set(keyOf(2), { storedAt: Date.now(), value: 2 })
    const foreign = [
      'notes.txt',
      `answer-${keyOf(3)}.json`,
      'openmux-answer-short.json',
      `${fileOf(4)}.bak`,
      `x${fileOf(5)}`,
    ]
    await Promise.all(foreign.map((name) => writeFile(join(folder, name), 'mine')))
    await mkdir(join(folder, fileOf(6)))
    await writeFile(join(folder, '..', 'outside'), 'mine')
    await symlink(join(folder, '..', 'outside'), join(folder, fileOf(7)))
    const secret = await fileSecret(folder)
    expect(await cache.clear()).toBe(2)
    expect((await readdir(folder)).sort()).toEqual(
      [...foreign, fileOf(6), fileOf(7), 'openmux-cache.key'].sort(),
    )
    expect(await readFile(join(folder, '..', 'outside'), 'utf8')).toBe('mine')
    expect(await fileSecret(folder)).toBe(secret)
    expect(await fileCache({ folder: join(folder, 'missing') }).clear()).toBe(0)
  })

  it('keeps within its bounds and lets go of what was least recently used', async () => {
    const cache = fileCache({ folder, maxEntries: 5 })
    for (let number = 0; number < 5; number += 1) {
      await cache.set(keyOf(number), { storedAt: Date.now(), value: number })
      await utimes(join(folder, fileOf(number)), number + 1, number + 1)
    }
    await cache.get(keyOf(0))
    // The use is noted in the background.
    await expect.poll(async () => (await stat(join(folder, fileOf(0)))).mtimeMs).toBeGreaterThan(1e6)
    await cache.set(keyOf(9), { storedAt: Date.now(), value: 9 })
    expect((await cache.size()).entries).toBeLessThanOrEqual(5)
    expect(await cache.get(keyOf(1))).toBeUndefined()
    expect(await cache.get(keyOf(0))).toBeDefined()
    expect(await cache.get(keyOf(9))).toBeDefined()
  })

  it('keeps within its bytes, also when several write at once', async () => {
    const cache = fileCache({ folder, maxBytes: 3_000 })
    const value = 'x'.repeat(200)
    await Promise.all(
      Array.from({ length: 30 }, async (_, number) =>
        cache.set(keyOf(number), { storedAt: Date.now(), value }),
      ),
    )
    await cache.set(keyOf(99), { storedAt: Date.now(), value })
    expect((await cache.size()).bytes).toBeLessThanOrEqual(3_000)
    await cache.set(keyOf(99), { storedAt: Date.now(), value: 'y'.repeat(5_000) })
    expect(await cache.get(keyOf(99))).toBeUndefined()
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('keeps the newest even where there is room for one only', async () => {
    const cache = fileCache({ folder, maxEntries: 1 })
    for (const number of [1, 2, 3]) {
      await cache.set(keyOf(number), { storedAt: Date.now(), value: number })
      await utimes(join(folder, fileOf(number)), number, number)
    }
    expect((await cache.get(keyOf(3)))?.value).toBe(3)
    expect((await cache.size()).entries).toBe(1)
  })

  it('forgets what is too old, and what a killed process left', async () => {
    const clock = new ManualClock()
    const cache = fileCache({ folder, ttlMs: 1_000, clock })
    await cache.set(keyOf(1), { storedAt: clock.now(), value: 1 })
    const leftover = join(folder, `openmux-answer-${keyOf(2)}.0a-1b.tmp`)
    const fresh = join(folder, `openmux-answer-${keyOf(3)}.0a-1b.tmp`)
    await writeFile(leftover, 'half')
    await utimes(leftover, 1, 1)
    await writeFile(fresh, 'half')
    await clock.advance(1_000)
    expect(await cache.get(keyOf(1))).toBeUndefined()
    expect(await cache.size()).toEqual({ entries: 0, bytes: 0 })
    expect(await readdir(folder)).toEqual([`openmux-answer-${keyOf(3)}.0a-1b.tmp`])
  })

  it('refuses a folder or key that is none, and says when it cannot write', async () => {
    expect(() => fileCache({ folder: 'here' })).toThrow(
      expect.objectContaining({ code: 'bad-config', field: 'folder' }) as Error,
    )
    const cache = fileCache({ folder })
    for (const key of ['../../etc/passwd', '', keyOf(1).toUpperCase().replace('0', 'G'), `${keyOf(1)}0`])
      expect(await failureOf(Promise.resolve(cache.get(key)))).toMatchObject({
        code: 'bad-request',
        field: 'key',
      })
    await mkdir(join(folder, '..'), { recursive: true })
    await writeFile(folder, 'a file, not a folder')
    expect(await failureOf(Promise.resolve(cache.set(keyOf(1), { storedAt: 1, value: 1 })))).toMatchObject({
      code: 'needs-setup',
      scope: 'machine',
    })
    expect(await cache.get(keyOf(1))).toBeUndefined()
  })
})

describe('the secret of a folder', () => {
  it('is drawn once, also by several at once, and readable by its owner alone', async () => {
    const drawn = await Promise.all([fileSecret(folder), fileSecret(folder), fileSecret(folder)])
    const kept = await fileSecret(folder)
    expect(kept).toMatch(/^[0-9a-f]{64}$/)
    expect(new Set([...drawn, kept])).toHaveLength(1)
    if (process.platform !== 'win32')
      expect((await stat(join(folder, 'openmux-cache.key'))).mode & 0o777).toBe(0o600)
  })

  it('is drawn anew when it was cut short', async () => {
    await fileSecret(folder)
    await writeFile(join(folder, 'openmux-cache.key'), 'abc')
    expect(await fileSecret(folder)).toMatch(/^[0-9a-f]{64}$/)
  })
})
