import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failWith, scriptedProvider, withFaults } from '@openmux/testkit'
import { expect, test } from 'vitest'
import { emptyFolder, outcome } from './support/run-in-process.js'

const near = () => scriptedProvider({ id: 'near', chats: [['near'], ['near'], ['near']] })
const far = () => scriptedProvider({ id: 'far', locality: 'remote', chats: [['far'], ['far'], ['far']] })

async function recorded(question = 'hi', argv: readonly string[] = []): Promise<string> {
  const cwd = emptyFolder()
  const providers = [near(), far()]
  for (let times = 0; times < 2; times += 1) {
    const result = await outcome([question, '--record', 'decisions.jsonl', ...argv], { cwd, providers })
    expect(result).toMatchObject({ code: 0, err: '' })
  }
  return cwd
}

test('decisions are recorded one a line, without a word of question or answer', async () => {
  const cwd = await recorded('a secret question')
  const file = join(cwd, 'decisions.jsonl')
  const text = readFileSync(file, 'utf8')
  expect(text.trim().split('\n')).toHaveLength(2)
  expect(text).not.toMatch(/secret question|"text"/)
  expect(statSync(file).mode & 0o077).toBe(0)
})

test('a record replays to itself, and another order asks others first', async () => {
  const cwd = await recorded()
  const same = await outcome(['replay', 'decisions.jsonl'], { cwd })
  expect(same.out).toContain('2 decisions: the first choice stays the same in all.')
  const other = await outcome(['replay', 'decisions.jsonl', '--order', 'far,near'], { cwd })
  expect(other.out).toContain('2 decisions: another first choice in 2.')
  expect(other.out).toContain('1. near/scripted-chat → far/scripted-chat (not tried then)')
  const asJson = await outcome(['replay', 'decisions.jsonl', '--order', 'far', '--json'], { cwd })
  expect(JSON.parse(asJson.out)).toMatchObject({ otherFirst: 2 })
})

test('an order that names nobody is refused, with the names there are', async () => {
  const cwd = await recorded()
  const wrong = await outcome(['replay', 'decisions.jsonl', '--order', 'faar,near'], { cwd })
  expect(wrong).toMatchObject({ code: 2, out: '' })
  expect(wrong.err).toContain('No candidate of these decisions is called "faar" (--order).')
  expect(wrong.err).toContain('Did you mean far?')
  const model = await outcome(['replay', 'decisions.jsonl', '--order', 'far/scripted-chat'], { cwd })
  expect(model.code).toBe(0)
})

test('a decision of another policy is kept with the scores it was made by', async () => {
  const cwd = await recorded('hi', ['--policy', 'balanced'])
  const priv = await outcome(['replay', 'decisions.jsonl', '--policy', 'private'], { cwd })
  expect(priv.code).toBe(0)
  expect(priv.out).toContain('near/scripted-chat')
})

test('a failed request is recorded too', async () => {
  const cwd = emptyFolder()
  const dead = withFaults(near(), failWith('unavailable'))
  await outcome(['hi', '--record', 'd.jsonl'], { cwd, providers: [dead] })
  expect(readFileSync(join(cwd, 'd.jsonl'), 'utf8')).toContain('"verdict":"failed"')
})

test('`explain --json` can be replayed as it is', async () => {
  const cwd = emptyFolder()
  const { out } = await outcome(['explain', 'hi', '--json'], { cwd, providers: [near(), far()] })
  writeFileSync(join(cwd, 'plan.json'), out)
  expect((await outcome(['replay', 'plan.json', '--order', 'far'], { cwd })).out).toContain('→ far/')
})

test('a record that cannot be written costs no answer', async () => {
  const result = await outcome(['hi', '--record', 'no/such/folder.jsonl'], { providers: [near()] })
  expect(result).toMatchObject({ code: 0, out: 'near\n' })
  expect(result.err).toMatch(/note: the decision was not recorded: .*\(ENOENT\)/)
})

test.each([
  ['no file', [], '', 'A file of decisions is needed'],
  ['a file that is not there', ['missing.jsonl'], '', 'cannot be read (ENOENT)'],
  ['an empty file', ['d.jsonl'], '\n\n', 'holds no decision'],
  ['a line that is not JSON', ['d.jsonl'], '{"decision":1}\n{oops\n', 'is not JSON in line 2'],
  ['something else', ['d.jsonl'], '{"hello":1}\n', 'holds no decision at the whole file'],
  ['a record that is none', ['d.jsonl'], '{"decision":{"policy":"x"}}', 'd.jsonl, the whole file'],
])('%s is an error that says where', async (_title, argv, text, told) => {
  const cwd = emptyFolder()
  writeFileSync(join(cwd, 'd.jsonl'), text)
  const result = await outcome(['replay', ...argv], { cwd })
  expect(result).toMatchObject({ code: 2, out: '' })
  expect(result.err).toContain(told)
})

test('a result that was never scored is refused with the way to a better one', async () => {
  const cwd = emptyFolder()
  const { out } = await outcome(['hi', '--json'], { cwd, providers: [near(), far()] })
  writeFileSync(join(cwd, 'd.json'), out)
  const result = await outcome(['replay', 'd.json'], { cwd })
  expect(result.code).toBe(2)
  expect(result.err).toContain('without scores')
  expect(result.err).toContain('--record')
})
