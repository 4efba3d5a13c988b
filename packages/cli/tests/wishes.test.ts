import type { ModelCard } from '@openmux/core'
import { scriptedProvider } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { unmetWishes } from '../src/commands/tell-wishes.js'
import { outcome } from './support/run-in-process.js'

const card = (id: string): ModelCard => ({ id, tasks: ['chat'], state: 'installed', free: true })
const providers = [
  scriptedProvider({ id: 'one', models: [card('gemma3:4b')] }),
  scriptedProvider({ id: 'two', models: [card('qwen3:8b')] }),
]

test('a wish that finds nobody is told, and costs no answer', async () => {
  const result = await outcome(['hi', '--prefer', 'gema3'], { providers })
  expect(result.code).toBe(0)
  expect(result.err).toBe(
    'note: nobody who could answer has "gema3" (prefer); `openmux models` lists the names.\n',
  )
})

test.each([['gemma3'], ['Gemma3:4b'], ['qwen3'], ['two'], ['TWO'], ['two/qwen3:8b'], ['one/unheard-of']])(
  'nothing is told of %s, which is a wish that somebody can read',
  async (wish) => {
    const { err } = await outcome(['explain', 'hi', '--prefer', wish], { providers })
    expect(err).not.toContain('prefer')
  },
)

test('of several, only those are told that certainly found nobody', async () => {
  const told = async (...wishes: string[]): Promise<string> =>
    (await outcome(['explain', 'hi', ...wishes.flatMap((wish) => ['--prefer', wish])], { providers })).err
  expect(await told('gema3', 'qwen3')).toContain('has "gema3" (prefer)')
  expect(await told('gema3', 'kwen3')).toContain('has "gema3", "kwen3" (prefer)')
  expect(await told('qwen3', 'gema3')).toBe('')
})

test('once in a chat, and not at all without candidates', async () => {
  const chat = await outcome(['chat', '--prefer', 'gema3'], { providers, stdin: 'one\ntwo\n' })
  expect(chat.err.split('"gema3"')).toHaveLength(2)
  expect(unmetWishes(['gema3'], providers, { candidates: [] })).toEqual([])
})
