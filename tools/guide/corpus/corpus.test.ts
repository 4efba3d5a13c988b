import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ERROR_CODES } from '@openmux/core'
import { expect, test } from 'vitest'
import { HELD_OUT, linesOf, questionsOf, REHEARSAL } from '../examine/questions.ts'
import { commandHelp, readHelp } from './command-help.ts'
import { corpus, UNSURE } from './corpus.ts'
import { madeAnswer } from './made-answer.ts'
import { overlaps } from './overlap.ts'
import { topicsOf } from './read-topics.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const help = commandHelp()
const topics = corpus(help)

test('reads topics with an answer and its wordings, and refuses what is neither', () => {
  const text = '# Area\n\nFor people.\n\n## one\n> First part.\n> Second.\n- how (do|can) i\n- how\n'
  expect(topicsOf(text, 'area')).toEqual([
    { id: 'one', area: 'area', answer: 'First part. Second.', patterns: ['how (do|can) i', 'how'] },
  ])
  expect(() => topicsOf('## one\n- how\n', 'area')).toThrow('area.md, one: it has no answer.')
  expect(() => topicsOf('## error:auth\n> Mine.\n- how\n', 'area')).toThrow('is made, not written')
  expect(() => topicsOf('## one\n> It.\n', 'area')).toThrow('nobody asks for it')
  expect(() => topicsOf('## one\n> It.\n- how (do|can i\n', 'area')).toThrow('do not match')
})

test('reads the help of the command line, entries over several lines included', () => {
  const { commands, options } = readHelp(
    'Usage: x\n\nOptions:\n  -a, --all, --every <n>  take all\n                          of them\n  --none  no\n\nCommands:\n  go [where...]  goes\n\n',
  )
  expect([...commands]).toEqual([['go', 'goes']])
  expect(options.get('--every')).toEqual({ flags: '-a, --all, --every <n>', description: 'take all of them' })
  expect(options.get('--all')).toEqual(options.get('--every'))
  expect(help.commands.size).toBeGreaterThan(5)
  expect(() => madeAnswer('option:--nonsense', help)).toThrow('no such option')
})

test('teaches every error code, every command and every option of the command line', () => {
  const ids = new Set(topics.map(({ id }) => id))
  const taught = topics.map(({ answer }) => answer).join('\n')
  const missing = [
    ...Object.keys(ERROR_CODES).filter((code) => !ids.has(`error:${code}`)),
    ...[...help.commands.keys()].filter((name) => !ids.has(`command:${name}`)),
    ...[...help.options.keys()].filter((name) => !new RegExp(`${name}(?![\\w-])`).test(taught)),
  ]
  expect(missing).toEqual([])
})

test('gives every topic many wordings and an answer short enough to be learned by heart', () => {
  const thin = topics.filter(({ patterns }) => patterns.length < 15).map(({ id }) => id)
  const long = topics.filter(({ answer }) => answer.length > 320).map(({ id }) => id)
  expect({ thin, long }).toEqual({ thin: [], long: [] })
  expect(new Set(topics.map(({ id }) => id)).size).toBe(topics.length)
})

test('warns before what it may mean wrongly, greets only when it is sure, and needs no warning not to know', () => {
  const said = new Map(topics.map(({ id, unsure }) => [id, unsure]))
  expect(['greeting', 'outside', 'language:de', 'command:models'].map((id) => said.get(id))).toEqual([
    null,
    '',
    '',
    UNSURE,
  ])
})

/** An option of vLLM and of llama.cpp; of OpenMux, an answer says that there is none. */
const OPTION_OF_SERVERS = '--api-key'

test('names only commands and options that exist', () => {
  const wrong = topics.flatMap(({ id, answer }) =>
    spansOf(answer)
      .filter((span) => /^openmux\b/.test(span) || span.startsWith('--'))
      .flatMap((span) => [...span.matchAll(/(?<![\w-])--[a-z][a-z-]*/g)].map(([option]) => option))
      .filter((option) => !help.options.has(option) && option !== OPTION_OF_SERVERS)
      .map((option) => `${id}: ${option}`),
  )
  expect(wrong).toEqual([])
  const commands = topics.flatMap(({ id, answer }) =>
    spansOf(answer)
      .flatMap((span) => /^openmux ([a-z]+)(?: |$)/.exec(span)?.[1] ?? [])
      .filter((word) => !help.commands.has(word) && word !== 'help' && word !== 'version')
      .map((word) => `${id}: ${word}`),
  )
  expect(commands).toEqual([])
})

/** Of Node and of Ollama themselves. */
const OF_OTHERS = ['NODE_USE_ENV_PROXY', 'NODE_EXTRA_CA_CERTS', 'OLLAMA_MODELS']

test('names only environment variables that the documentation names, Node or Ollama', () => {
  const documents = [
    readFileSync(join(ROOT, 'README.md'), 'utf8'),
    ...readdirSync(join(ROOT, 'docs')).flatMap((name) =>
      name.endsWith('.md') ? readFileSync(join(ROOT, 'docs', name), 'utf8') : [],
    ),
    ...readdirSync(join(ROOT, 'packages')).map((name) =>
      readFileSync(join(ROOT, 'packages', name, 'README.md'), 'utf8'),
    ),
  ].join('\n')
  const unknown = topics.flatMap(({ id, answer }) =>
    [...answer.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)]
      .filter(([name]) => !documents.includes(name) && !OF_OTHERS.includes(name))
      .map(([name]) => `${id}: ${name}`),
  )
  expect(unknown).toEqual([])
})

test('never teaches a question of the examination or of the rehearsal', () => {
  const asked = [HELD_OUT, REHEARSAL].flatMap(questionsOf)
  expect(overlaps(topics, asked)).toEqual([])
  const [first] = topics
  expect(overlaps(topics, [first?.patterns[0]?.replaceAll(/\((\w+)\|[^)]*\)/g, '$1') ?? ''])).toHaveLength(1)
})

test('knows the topic of every development question, and teaches none of them', () => {
  const questions = readdirSync(join(ROOT, 'tools/guide/dev-set')).flatMap((name) =>
    linesOf<{ topic: string; question: string }>(join(ROOT, 'tools/guide/dev-set', name)),
  )
  const ids = new Set(topics.map(({ id }) => id))
  expect(questions.filter(({ topic }) => !ids.has(topic))).toEqual([])
  expect(
    overlaps(
      topics,
      questions.map(({ question }) => question),
    ),
  ).toEqual([])
})

/** What stands between backticks. */
function spansOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span)
}
