import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { scriptedProvider } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { emptyFolder, outcome } from './support/run-in-process.js'

const two = () => scriptedProvider({ chats: [['first time'], ['second time']] })

test('no answer is kept unless somebody wants it', async () => {
  const home = emptyFolder()
  const providers = [two()]
  expect((await outcome(['hi'], { home, providers })).out).toBe('first time\n')
  expect((await outcome(['hi'], { home, providers })).out).toBe('second time\n')
  expect(readdirSync(home)).not.toContain('.cache')
})

test('--cache gives the same answer to the same question in another run, and says so', async () => {
  const home = emptyFolder()
  const providers = [two()]
  await outcome(['hi', '--cache'], { home, providers })
  const again = await outcome(['hi', '--cache'], { home, providers, stderrTerminal: true })
  expect(again.out).toBe('first time\n')
  expect(again.err).toMatch(/kept just now \(--no-cache asks anew\)/)
  const json = JSON.parse((await outcome(['hi', '--cache', '--json'], { home, providers })).out) as object
  expect(json).toMatchObject({ text: 'first time', cached: { storedAt: expect.any(Number) } })
  expect(providers[0]?.chatRequests).toHaveLength(1)
})

test('the configuration switches it on, --no-cache off for once', async () => {
  const home = emptyFolder()
  const providers = [two()]
  const world = { home, providers, env: { OPENMUX_ANSWER_CACHE: '1' } }
  await outcome(['hi'], world)
  expect((await outcome(['hi'], world)).out).toBe('first time\n')
  expect((await outcome(['hi', '--no-cache'], world)).out).toBe('second time\n')
})

test('`cache` shows what is kept; `cache clear` drops it and touches nothing else', async () => {
  const cache = emptyFolder()
  const env = { OPENMUX_CACHE: cache }
  const providers = [two()]
  await outcome(['hi', '--cache'], { env, providers })
  const folder = join(cache, 'answers')
  writeFileSync(join(folder, 'mine.txt'), 'mine')
  expect((await outcome(['cache'], { env })).out).toMatch(/^1 answer, .*\(in use only with --cache\)\n$/)
  expect(JSON.parse((await outcome(['cache', 'info', '--json'], { env })).out)).toMatchObject({
    folder,
    entries: 1,
    used: false,
  })
  expect((await outcome(['cache', 'clear'], { env })).out).toBe(`1 answer dropped from ${folder}\n`)
  expect(readdirSync(folder)).toContain('mine.txt')
  expect((await outcome(['hi', '--cache'], { env, providers })).out).toBe('second time\n')
})

test('a folder that cannot be used costs no answer', async () => {
  const home = emptyFolder()
  const file = join(home, 'a-file')
  writeFileSync(file, '')
  const result = await outcome(['hi', '--cache'], { env: { OPENMUX_CACHE: file }, providers: [two()] })
  expect(result).toMatchObject({ code: 0, out: 'first time\n' })
  expect(result.err).toMatch(/^note: answers are not kept: /)
})

test('a word that `cache` does not know is told', async () => {
  const result = await outcome(['cache', 'burn'])
  expect(result.code).toBe(2)
  expect(result.err).toContain('It takes info (also what it does alone) or clear.')
})
