import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createLedger, isOpenMuxError } from '../src/index.js'
import { fileStore } from '../src/node/index.js'
import { restoreLedger } from '../src/store/index.js'
import { failureOf } from './support/failure.js'

const SAVER = fileURLToPath(new URL('fixtures/save-ledger.mjs', import.meta.url))

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openmux-ledger-'))
  path = join(folder, 'state', 'ledger.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** How many requests the file has counted. */
function counted(): number {
  const ledger = createLedger()
  const stored: unknown = JSON.parse(readFileSync(path, 'utf8'))
  expect(restoreLedger(ledger, stored, Date.now()).dropped).toEqual([])
  const [allowance] = ledger.state().allowances
  return allowance?.sent.reduce((sum, [, amount]) => sum + amount, 0) ?? 0
}

interface Saver {
  readonly child: ChildProcess
  /** Requests it has told to be safely stored. */
  told(): number
  readonly ended: Promise<{ readonly code: number | null; readonly complaint: string }>
}

function startSaver(count: number, fat = ''): Saver {
  const child = spawn(process.execPath, [SAVER, path, String(count), fat], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  let complaint = ''
  child.stdout.on('data', (piece: Buffer) => (out += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (complaint += piece.toString()))
  return {
    child,
    told: () => Number(out.trimEnd().split('\n').at(-1)),
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, complaint })),
  }
}

describe('a file', () => {
  it('is made with its folder, for its owner alone', async () => {
    const store = fileStore({ path })
    expect(await store.load()).toBeUndefined()
    await store.save((stored) => ({ before: stored ?? 'nothing' }))
    expect(await store.load()).toEqual({ before: 'nothing' })
    expect(readdirSync(join(folder, 'state'))).toEqual(['ledger.json'])
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o077).toBe(0)
  })

  it('is left as it is when there is nothing to write', async () => {
    const store = fileStore({ path })
    await store.save(() => ({ a: 1 }))
    const { mtimeMs } = statSync(path)
    await store.save(() => undefined)
    expect(statSync(path).mtimeMs).toBe(mtimeMs)
  })

  it('is followed through a symbolic link', async () => {
    const real = join(folder, 'real.json')
    writeFileSync(real, '{"a":1}')
    mkdirSync(join(folder, 'state'))
    symlinkSync(real, path)
    await fileStore({ path }).save((stored) => ({ stored }))
    expect(JSON.parse(readFileSync(real, 'utf8'))).toEqual({ stored: { a: 1 } })
  })

  it.each(['', '{"half":', '\u0000\u0000\u0000'])(
    'that is damaged (%j) is set aside, never lost',
    async (damage) => {
      mkdirSync(join(folder, 'state'))
      writeFileSync(path, damage)
      const moved: string[] = []
      const store = fileStore({ path, onDamaged: (to) => moved.push(to) })
      expect(await store.load()).toBeUndefined()
      await store.save(() => ({ a: 1 }))
      expect(await store.load()).toEqual({ a: 1 })
      expect(moved).toHaveLength(1)
      expect(readFileSync(moved[0] ?? '', 'utf8')).toBe(damage)
    },
  )

  it('is asked for by an absolute path', () => {
    for (const wrong of ['', 'ledger.json', './ledger.json']) {
      let thrown: unknown
      try {
        fileStore({ path: wrong })
      } catch (error) {
        thrown = error
      }
      expect(isOpenMuxError(thrown) && thrown.code).toBe('bad-config')
    }
  })

  it('that cannot be written says so, with what to do', async () => {
    if (process.getuid?.() === 0 || process.platform === 'win32') {
      writeFileSync(join(folder, 'state'), 'a file where a folder should be')
    } else {
      mkdirSync(join(folder, 'state'))
      chmodSync(join(folder, 'state'), 0o500)
    }
    const error = await failureOf(fileStore({ path }).save(() => ({})))
    expect(error).toMatchObject({ code: 'needs-setup', scope: 'machine', field: 'path' })
  })
})

describe('the lock of a file', () => {
  const lockedBy = (pid: number, host: string, ageMs: number): void => {
    mkdirSync(join(folder, 'state'), { recursive: true })
    writeFileSync(`${path}.lock`, JSON.stringify({ pid, host, token: 'other' }))
    const then = new Date(Date.now() - ageMs)
    utimesSync(`${path}.lock`, then, then)
  }

  it('is taken over at once from a process that died', async () => {
    const child = spawn(process.execPath, ['--eval', ''])
    await once(child, 'close')
    lockedBy(child.pid ?? 0, hostname(), 0)
    await fileStore({ path }).save(() => ({ a: 1 }))
    expect(readdirSync(join(folder, 'state'))).toEqual(['ledger.json'])
  })

  it('is taken over from another machine when it is old', async () => {
    lockedBy(1, 'another-machine', 31_000)
    await fileStore({ path }).save(() => ({ a: 1 }))
    expect(existsSync(`${path}.lock`)).toBe(false)
  })

  it('is respected while its holder lives', async () => {
    lockedBy(process.pid, hostname(), 0)
    let saved = false
    const saving = fileStore({ path }).save(() => {
      saved = true
      return { a: 1 }
    })
    // Several of its looks at the lock, which no clock of ours can hurry.
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(saved).toBe(false)
    rmSync(`${path}.lock`)
    await saving
    expect(saved).toBe(true)
  })

  it('keeps two stores of one process apart', async () => {
    const [one, other] = [fileStore({ path }), fileStore({ path })]
    const add = (stored: unknown): unknown => ({
      sum: ((stored as { sum?: number } | undefined)?.sum ?? 0) + 1,
    })
    await Promise.all(Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? one : other).save(add)))
    expect(await one.load()).toEqual({ sum: 30 })
  })
})

describe('several processes on one file', () => {
  it('lose no count of each other', async () => {
    const savers = [startSaver(40), startSaver(40), startSaver(40)]
    for (const { ended } of savers) expect(await ended).toEqual({ code: 0, complaint: '' })
    expect(counted()).toBe(120)
    expect(readdirSync(join(folder, 'state'))).toEqual(['ledger.json'])
  }, 60_000)

  it('find a whole file, with everything that was stored, after one was killed in the middle of writing', async () => {
    let stored = 0
    let killed = 0
    for (let round = 0; round < 8; round += 1) {
      const { child, told, ended } = startSaver(100_000, 'fat')
      // Killed at a different place in its work each time: as soon as it writes, for some while it writes.
      const from = Date.now()
      while (told() < 3 + round && Date.now() - from < 20_000)
        await new Promise((resolve) => setImmediate(resolve))
      const isWriting = (): boolean =>
        readdirSync(join(folder, 'state')).some((file) => file.endsWith('.tmp'))
      if (round % 2 === 0)
        while (!isWriting() && Date.now() - from < 20_000)
          await new Promise((resolve) => setImmediate(resolve))
      child.kill('SIGKILL')
      await ended
      if (readdirSync(join(folder, 'state')).length > 1) killed += 1
      stored += told()
      // What it had told was stored; what it was just storing may be, or not.
      const found = counted()
      expect(found).toBeGreaterThanOrEqual(stored)
      expect(found).toBeLessThanOrEqual(stored + 1)
      stored = found
    }
    // Otherwise nothing was tested: a lock or a half-written file was left behind.
    expect(killed).toBeGreaterThan(0)
    const last = startSaver(1)
    expect(await last.ended).toEqual({ code: 0, complaint: '' })
    expect(counted()).toBe(stored + 1)
    expect(readdirSync(join(folder, 'state'))).toEqual(['ledger.json'])
  }, 120_000)
})
