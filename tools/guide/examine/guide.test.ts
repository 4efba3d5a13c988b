import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { modelNano } from '@openmux/model-nano'
import { commandHelp } from '../corpus/command-help.ts'
import { corpus } from '../corpus/corpus.ts'
import { releasedVersions, sourceDigests, staleSources } from '../corpus/sources.ts'
import { openGuide } from './ask-guide.ts'
import { examine, knownAnswers, type Results } from './examine.ts'
import { isRefusal, isUnsure, judgeInDomain, judgeLanguage, judgeOutside } from './judge.ts'
import { measuredIn, withMeasured } from '../../build/measured-page.ts'
import { PAGE } from './page.ts'
import { HELD_OUT, readExamination, REHEARSAL } from './questions.ts'
import { reportOf } from './report.ts'
import { LIMITS, MARKS, scoresOf } from './scores.ts'

const known = knownAnswers()
let guide: ReturnType<typeof openGuide>
let results: Results
beforeAll(async () => {
  guide = openGuide(modelNano.model)
  results = await examine(guide.ask, readExamination(HELD_OUT), known)
}, 600_000)
afterAll(() => guide.close())

test('knows OpenMux on questions it was never taught, no worse than what was committed', () => {
  const { inDomain } = scoresOf(results)
  expect(inDomain.asked).toBeGreaterThanOrEqual(150)
  expect(inDomain.right / inDomain.asked).toBeGreaterThanOrEqual(MARKS.right)
})

test('invents nothing about anything else, and seldom speaks of OpenMux then', async () => {
  const { outside } = readExamination(REHEARSAL)
  const rehearsed = await examine(guide.ask, { inDomain: [], outside, languages: [] }, known)
  const [one, other] = [scoresOf(results).outside, scoresOf(rehearsed).outside]
  expect(one.asked).toBeGreaterThanOrEqual(100)
  expect(other.asked).toBeGreaterThanOrEqual(400)
  expect([one.invented, other.invented]).toEqual([MARKS.invented, MARKS.invented])
  expect((one.unsure + other.unsure) / (one.asked + other.asked)).toBeLessThanOrEqual(LIMITS.unsureOutside)
}, 120_000)

test('is sure of most of what it says about OpenMux', () => {
  const { inDomain } = scoresOf(results)
  expect(inDomain.unsure / inDomain.asked).toBeLessThanOrEqual(LIMITS.unsure)
})

test('says nothing but what it was taught, with or without the warning in front', () => {
  const answers = [...results.inDomain, ...results.outside].map(({ answer }) => answer.trim())
  expect(answers.filter((answer) => isUnsure(answer, known)).length).toBeGreaterThan(0)
  const taught = new Set(
    corpus(commandHelp()).flatMap(({ answer, unsure }) =>
      unsure === null ? [answer] : [answer, `${unsure}${answer}`],
    ),
  )
  const strange = answers.filter((answer) => !taught.has(answer))
  expect(strange.length / answers.length).toBeLessThanOrEqual(0.01)
})

test('says in other languages who it is, and nothing else', () => {
  const { languages } = scoresOf(results)
  expect(languages.own + languages.other).toBeGreaterThanOrEqual(languages.asked * 0.9)
})

test('keeps the published tables', () => {
  expect(measuredIn(readFileSync(PAGE, 'utf8'))).toBe(reportOf(results))
})

test('answers what the README shows, whole', async () => {
  const answer = await guide.ask('How do I use my Ollama with this?')
  expect(answer).toContain('ollama pull')
  expect(isUnsure(answer, known)).toBe(false)
  expect(answer.trim()).toMatch(/[.!?]$/)
})

test('reads the last question only, and long ones', async () => {
  const long = `How do I use my Ollama with this? ${'I have read a lot and tried a lot. '.repeat(8)}`
  expect(await guide.ask(long)).not.toBe('')
})

test('was not taught longer than a release ago what has changed since', () => {
  const manifest: { release: string; sources: Record<string, string> } = JSON.parse(
    readFileSync(`${modelNano.model}/manifest.json`, 'utf8'),
  )
  expect(staleSources(manifest, { released: releasedVersions(), sources: sourceDigests() })).toEqual([])
})

test('is stale when a source changed and more than one release has gone by', () => {
  const trained = { release: '1.0.0', sources: { corpus: 'a', help: 'b' } }
  const sources = { corpus: 'a', help: 'c', 'docs/new.md': 'd' }
  expect(staleSources(trained, { released: ['1.0.0'], sources })).toEqual([])
  expect(staleSources(trained, { released: ['1.1.0', '1.0.0'], sources })).toEqual([])
  expect(staleSources(trained, { released: ['1.2.0', '1.1.0', '1.0.0'], sources })).toEqual([
    'docs/new.md',
    'help',
  ])
  expect(
    staleSources({ ...trained, release: '0.0.0' }, { released: ['0.2.0', '0.1.0'], sources }),
  ).toHaveLength(2)
  expect(staleSources({ ...trained, release: '0.0.0' }, { released: ['0.1.0'], sources })).toEqual([])
  expect(staleSources(trained, { released: ['1.2.0', '1.1.0', '1.0.0'], sources: trained.sources })).toEqual(
    [],
  )
  expect(releasedVersions('# openmux\n\n## 1.1.0\n\n- new\n\n## 1.0.0\n')).toEqual(['1.1.0', '1.0.0'])
})

test('the judge fails what lacks the fact, what is false, and not to know', () => {
  const answers = {
    outside: 'No.',
    languages: new Map([
      ['de', 'Nein.'],
      ['fr', 'Non.'],
    ]),
    unsure: 'Perhaps: ',
  }
  const question = {
    question: '?',
    area: 'x',
    require: [['ollama pull', { pattern: 'port \\d+' }]],
    forbid: ['hf_token'],
  }
  expect(judgeInDomain('Run `Ollama Pull x`.', question, answers)).toBe('right')
  expect(judgeInDomain('It is port 11434.', question, answers)).toBe('right')
  expect(judgeInDomain('Run it.', question, answers)).toBe('lacks the fact')
  expect(judgeInDomain('ollama pull x and HF_TOKEN', question, answers)).toBe('says something false')
  expect(judgeInDomain('No.', { ...question, require: [['No']] }, answers)).toBe('does not know')
  expect(judgeInDomain('Perhaps: run `ollama pull x`.', question, answers)).toBe('right')
  expect(judgeInDomain('Perhaps: run it.', { ...question, require: [['perhaps']] }, answers)).toBe(
    'lacks the fact',
  )
  expect(judgeInDomain('Perhaps: No.', question, answers)).toBe('does not know')
  expect(judgeOutside('No.', answers)).toBe('does not know')
  expect(judgeOutside('Perhaps: No.', answers)).toBe('does not know')
  expect(judgeOutside('Perhaps: run `ollama pull x`.', answers)).toBe('unsure')
  expect(judgeOutside('Run `ollama pull x`. Perhaps: no.', answers)).toBe('invents')
  expect(isRefusal('Nein.', answers)).toBe(true)
  expect(isRefusal('No. Really.', answers)).toBe(false)
  expect(judgeLanguage('Nein.', 'de', answers)).toBe('in that language')
  expect(judgeLanguage('Non.', 'de', answers)).toBe('in another language')
  expect(judgeLanguage('No.', 'sw', answers)).toBe('in that language')
  expect(judgeLanguage('Paris.', 'fr', answers)).toBe('something else')
})

test('puts new tables into a page and finds them again', () => {
  const page = '# x\n\n<!-- measured -->\n\nold\n\n<!-- end -->\n'
  expect(measuredIn(withMeasured(page, '| $& |'))).toBe('| $& |')
})
