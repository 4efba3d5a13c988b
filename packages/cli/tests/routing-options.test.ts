import type { ModelCard } from '@openmux/core'
import { failWith, scriptedProvider, withFaults } from '@openmux/testkit'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { emptyFolder, outcome } from './support/run-in-process.js'

const card = (id: string, more: Partial<ModelCard> = {}): ModelCard => ({
  id,
  tasks: ['chat', 'code'],
  state: 'hosted',
  free: true,
  ...more,
})
const paid = () =>
  scriptedProvider({
    id: 'paid',
    locality: 'remote',
    models: [card('dear', { free: false })],
    chats: [['paid']],
  })
const free = () =>
  scriptedProvider({ id: 'free', locality: 'remote', models: [card('gift')], chats: [['free']] })
const here = () =>
  scriptedProvider({
    id: 'here',
    models: [card('small', { state: 'loaded', contextTokens: 4_096 })],
    chats: [['local']],
  })

async function answerOf(argv: readonly string[], more: object = {}): Promise<string> {
  const { out } = await outcome(['hi', ...argv], { providers: [paid(), free(), here()], ...more })
  return out.trim()
}

describe('who may answer', () => {
  test.each([
    [[], 'paid'],
    [['--free'], 'free'],
    [['--policy', 'free'], 'free'],
    [['--local'], 'local'],
    [['--local-only'], 'local'],
    [['--policy', 'private'], 'local'],
    [['--min-context', '8k', '--free'], 'free'],
  ])('%j', async (argv, answer) => {
    expect(await answerOf(argv)).toBe(answer)
  })

  test('a window that is too small is out, and says so', async () => {
    const result = await outcome(['hi', '--min-context', '32k'], { providers: [here()] })
    expect(result.code).toBe(3)
    expect(result.err).toContain('has a window of 4096 tokens, 32000 are needed')
  })

  test('the environment and the file say the same', async () => {
    expect(await answerOf([], { env: { OPENMUX_FREE: '1' } })).toBe('free')
    expect(await answerOf([], { env: { OPENMUX_POLICY: 'private' } })).toBe('local')
    const cwd = emptyFolder()
    const file = { policy: { base: 'ordered', floors: { localOnly: true } } }
    writeFileSync(join(cwd, 'openmux.config.json'), JSON.stringify(file))
    expect(await answerOf([], { cwd })).toBe('local')
    // The command line goes before the file, as everywhere.
    expect(await answerOf(['--policy', 'free'], { cwd })).toBe('free')
  })

  test.each([
    [{ policy: 'quick' }, 'policy must be one of ordered, balanced'],
    [{ policy: { weights: { speed: -1 } } }, 'policy'],
    [{ policy: { weights: { price: 0, speed: 0 }, wait: 3 } }, 'policy'],
    [{ onBreak: 'weep' }, 'onBreak must be one of continue, restart, fail'],
    [{ minContextTokens: 0 }, 'minContextTokens must be a whole number above 0, not 0'],
  ])('a wrong value in the file names the key: %j', async (file, told) => {
    const cwd = emptyFolder()
    writeFileSync(join(cwd, 'openmux.config.json'), JSON.stringify(file))
    const result = await outcome(['hi'], { cwd, providers: [here()] })
    expect(result.code).toBe(2)
    expect(result.err).toContain(told)
  })

  test.each([
    [['--min-context', 'huge'], 'a number of tokens, like 8000 or 32k'],
    [['--policy', 'quick'], 'one of ordered, balanced, fast, best, private, free'],
    [['--history', 'forget'], 'one of refuse, trim, summarise'],
  ])('%j is refused with what it takes', async (argv, told) => {
    const result = await outcome(['hi', ...argv], { providers: [here()] })
    expect(result).toMatchObject({ code: 2, out: '' })
    expect(result.err.replaceAll(/\s+/g, ' ')).toContain(told)
  })
})

test('--explain tells after the answer why it came from there, on standard error', async () => {
  const result = await outcome(['hi', '--explain', '--policy', 'fast'], { providers: [paid(), here()] })
  expect(result.out.trim()).toMatch(/^(paid|local)$/)
  expect(result.err).toContain('Policy: fast (quality × 1, speed × 6')
  expect(result.err).toMatch(/1\. \S+ {2}0\.\d+ {2}answered/)
  expect(result.err).toMatch(/speed 0\.\d+ /)
})

test('`explain` gives no scores where the order alone decides', async () => {
  const result = await outcome(['explain', 'hi'], { providers: [paid(), here()] })
  expect(result.out).toContain('1. paid/dear  would be tried first')
  expect(result.out).not.toMatch(/Policy:|speed 0/)
})

test('`models --free` leaves out what costs something', async () => {
  const world = { providers: [paid(), free(), here()] }
  expect((await outcome(['models'], world)).out).toContain('paid/dear')
  const listed = (await outcome(['models', '--free', '--min-context', '8k'], world)).out
  expect(listed).toContain('free/gift')
  expect(listed).not.toMatch(/paid\/dear|here\/small/)
})

test('a history that is too long is refused with the numbers, and trimmed by --history trim', async () => {
  const local = here()
  const long = `${'word '.repeat(6_000)}\n`
  const refused = await outcome(['chat'], { providers: [local], stdin: `${long}short\n` })
  expect(refused.err).toMatch(/4096/)
  const kept = here()
  const trimmed = await outcome(['chat', '--history', 'trim'], {
    providers: [kept],
    stdin: `${'word '.repeat(1_500)}\n${'more '.repeat(1_500)}\n`,
  })
  expect(kept.chatRequests).toHaveLength(2)
  expect(JSON.stringify(kept.chatRequests[1]?.messages)).not.toContain('word')
  expect(trimmed.code).toBe(0)
})

test('a failure that passes is told with the time at which asking again is worth it', async () => {
  const until = Date.now() + 3_600_000
  const limited = withFaults(free(), failWith({ code: 'quota', until, scope: 'account' }))
  const result = await outcome(['hi'], { providers: [limited] })
  expect(result.code).toBe(4)
  expect(result.err).toMatch(/It may be served again in (1 h|60 min)/)
})

test('hints speak of options of the command line', async () => {
  const faulty = withFaults(
    free(),
    failWith({ code: 'bad-response', hint: 'Raise maxTokens, or turn thinking off with reasoning: "off".' }),
  )
  expect((await outcome(['hi'], { providers: [faulty] })).err).toContain(
    'Raise --max-tokens, or turn thinking off with --reasoning off.',
  )
  const unset = withFaults(free(), failWith({ code: 'auth', hint: 'Set A_KEY, or give the option apiKey.' }))
  expect((await outcome(['hi'], { providers: [unset] })).err).toContain(
    'Set A_KEY, or give `providers.free.apiKey` of the configuration.',
  )
  const remedies = ['Set A_KEY, or give the option apiKey.']
  const away = { ...free(), ready: async () => ({ ready: false as const, reason: 'no key', remedies }) }
  expect((await outcome(['explain', 'hi'], { providers: [away] })).out).toContain(
    '→ Set A_KEY, or give `providers.free.apiKey` of the configuration.',
  )
})
