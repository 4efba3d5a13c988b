import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withSetupLock } from './lock.mjs'

const PROCESSES = 5
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'openmux-lock-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Five processes that each write when they enter and when they leave. */
async function crowd(): Promise<string[]> {
  const log = join(folder, 'log')
  const script = `
    import { appendFileSync } from 'node:fs'
    import { setTimeout as sleep } from 'node:timers/promises'
    import { withSetupLock } from ${JSON.stringify(pathToFileURL(join(import.meta.dirname, 'lock.mjs')).href)}
    await withSetupLock(async () => {
      appendFileSync(${JSON.stringify(log)}, 'in ' + process.pid + '\\n')
      await sleep(100)
      appendFileSync(${JSON.stringify(log)}, 'out ' + process.pid + '\\n')
    }, ${JSON.stringify(folder)})`
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'ignore' }),
  )
  await Promise.all(children.map((child) => once(child, 'exit')))
  return readFileSync(log, 'utf8').trim().split('\n')
}

function expectOneAtATime(lines: readonly string[]): void {
  expect(lines).toHaveLength(2 * PROCESSES)
  for (let index = 0; index < lines.length; index += 2) {
    const [, pid] = lines[index]!.split(' ')
    expect(lines.slice(index, index + 2)).toEqual([`in ${pid}`, `out ${pid}`])
  }
}

it('lets one process in at a time', async () => {
  expectOneAtATime(await crowd())
})

it('is taken over from a process that has died, still by one at a time', async () => {
  const dead = spawn(process.execPath, ['--eval', ''])
  await once(dead, 'exit')
  writeFileSync(join(folder, 'lock'), String(dead.pid))
  expectOneAtATime(await crowd())
})

it('is given back when the work fails', async () => {
  await expect(withSetupLock(() => Promise.reject(new Error('no network')), folder)).rejects.toThrow(
    'no network',
  )
  expect(existsSync(join(folder, 'lock'))).toBe(false)
})
