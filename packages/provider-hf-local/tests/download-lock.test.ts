import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@openmux/core'
import { afterEach, describe, expect, it } from 'vitest'
import { lockFolder } from '../src/download/download-lock.js'
import { cleanUp, emptyFolder } from './support.js'

afterEach(cleanUp)

/** Heartbeats and looks come as fast as they can. */
const clock = {
  ...systemClock,
  after: (delayMs: number, run: () => void) => systemClock.after(Math.min(delayMs, 1), run),
}
const call = { signal: new AbortController().signal, clock }
const MODEL = 'openmux-test/tiny-chat'

function deadProcess(): number {
  return spawnSync(process.execPath, ['-e', '']).pid
}

describe('the download lock', () => {
  it('never has two holders when many find the lock of a dead process', async () => {
    const pid = deadProcess()
    let most = 0
    for (let round = 0; round < 60; round += 1) {
      const folder = await emptyFolder()
      const lock = join(folder, '.openmux.lock')
      await writeFile(lock, JSON.stringify({ pid, host: hostname() }))
      let holders = 0
      let served = 0
      const contend = async (start: number): Promise<void> => {
        // They set out at slightly different moments.
        for (let look = 0; look < start; look += 1) await stat(folder)
        const unlock = await lockFolder(folder, call, MODEL)
        holders += 1
        most = Math.max(most, holders)
        for (let look = 0; look < 10; look += 1) await stat(folder)
        holders -= 1
        served += 1
        await unlock()
      }
      await Promise.all([0, 1, 2, 3, 4, 6].map((start) => contend(start)))
      expect(served).toBe(6)
      expect(await readdir(folder)).toEqual([])
    }
    expect(most).toBe(1)
  })

  it('stays when the one that gives it back has lost it to another', async () => {
    const folder = await emptyFolder()
    const lock = join(folder, '.openmux.lock')
    const unlock = await lockFolder(folder, { ...call, clock: systemClock }, MODEL)
    const others = JSON.stringify({ pid: process.pid, host: 'elsewhere', token: 'of-another' })
    await writeFile(lock, others)
    await unlock()
    expect(await readFile(lock, 'utf8')).toBe(others)
  })

  it('is taken over after a long silence of a holder on another machine, and not before', async () => {
    const folder = await emptyFolder()
    const lock = join(folder, '.openmux.lock')
    await writeFile(lock, JSON.stringify({ pid: 1, host: 'elsewhere' }))
    let looks = 0
    const watched = {
      ...clock,
      after(delayMs: number, run: () => void) {
        looks += 1
        if (looks === 5) {
          const longAgo = new Date(Date.now() - 60_000)
          return systemClock.after(0, () => void utimes(lock, longAgo, longAgo).then(run))
        }
        return clock.after(delayMs, run)
      },
    }
    const unlock = await lockFolder(folder, { ...call, clock: watched }, MODEL)
    expect(looks).toBeGreaterThanOrEqual(5)
    await unlock()
    expect(existsSync(lock)).toBe(false)
  })

  it('is not blocked by what a process left that died while it took a lock over', async () => {
    const folder = await emptyFolder()
    const left = JSON.stringify({ pid: deadProcess(), host: hostname(), token: 'of-the-dead' })
    await writeFile(join(folder, '.openmux.lock'), left)
    await writeFile(join(folder, '.openmux.lock.takeover'), left)
    const unlock = await lockFolder(folder, call, MODEL)
    await unlock()
    expect(await readdir(folder)).toEqual([])
  })
})
