import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { type CoreSource, loadCoreSource } from './core-source.ts'
import { type Example, makeExamples } from './examples.ts'
import { expand, readGrammar, undefinedSymbols } from './grammar.ts'
import { misspell } from './mistakes.ts'
import { overlaps, partsOf } from './overlap.ts'
import { packModel } from './pack.ts'
import { Random } from './random.ts'
import { reportOf, TARGETS, tally } from './report.ts'
import { type LabelledRequest, messagesOf, readRequests } from './requests.ts'
import { EXAMPLES, SEED } from './settings.ts'

const requests = readRequests('test-set')

describe('the test set', () => {
  it('holds at least 1,200 different requests in at least 20 languages, with a label and a kind each', () => {
    expect(new Set(requests.map(({ text, after }) => `${after ?? ''}|${text}`)).size).toBe(requests.length)
    expect(requests.length).toBeGreaterThanOrEqual(1_200)
    expect(new Set(requests.map(({ language }) => language)).size).toBeGreaterThanOrEqual(20)
    for (const { text, kind, label } of requests) {
      expect(text.trim(), text).not.toBe('')
      expect(kind, text).toMatch(/^[a-z-]+$/)
      expect(['chat', 'code', 'embeddings', 'unknown'], text).toContain(label)
    }
  })

  it('shares nothing with what is trained and tuned on, word for word or nearly so', () => {
    const trained = new Set(makeExamples(EXAMPLES, new Random(SEED)).map(({ text }) => text))
    // "Now make it shorter" after an answer: what it means is not in its words. "?!" has none.
    const heldOut = requests.filter(({ kind }) => kind !== 'follow-up' && kind !== 'unclear').map(({ text }) => text)
    expect(overlaps(heldOut, [...trained])).toEqual([])
    expect(overlaps(heldOut, readRequests('dev-set').map(({ text }) => text))).toEqual([])
  })
})

describe('the numbers', () => {
  let core: CoreSource
  beforeAll(async () => {
    core = await loadCoreSource()
  })
  const verdictsOf = (classify: CoreSource['classifyByTraining']) =>
    requests.map((request) => ({ request, said: classify(messagesOf(request)).task }))

  it('in docs/classification.md are those of the weights that ship, and every target is met', () => {
    const report = reportOf(verdictsOf(core.classifyByTraining), verdictsOf(core.classifyText))
    const page = readFileSync(new URL('../../docs/classification.md', import.meta.url), 'utf8')
    expect(page, 'node tools/classifier/evaluate.ts --write').toContain(report)
    expect(report).not.toContain('not met')
  })

  it('count an abstention as no right answer', () => {
    const request = { language: 'en', kind: 'everyday', label: 'chat', text: 'Hi' } as const
    expect(tally([{ request, said: 'unknown' }, { request, said: 'chat' }, { request, said: 'code' }])).toEqual({
      total: 3,
      right: 1,
      wrong: 1,
      abstained: 1,
    })
    expect(tally([{ request: { ...request, label: 'unknown' }, said: 'unknown' }]).right).toBe(1)
    const wrong: LabelledRequest = { ...request, kind: 'typos' }
    expect(reportOf([{ request: wrong, said: 'code' }], [{ request: wrong, said: 'chat' }])).toContain('not met')
    expect(TARGETS).toHaveLength(5)
  })

  it('come from weights that are packed as they are unpacked', () => {
    const weights = { code: new Float32Array(core.FEATURE_SPACE), embeddings: new Float32Array(core.FEATURE_SPACE) }
    const list = new core.FeatureList()
    list.read('banana')
    for (const feature of list.hashes.subarray(0, list.count)) weights.code[feature] = 9
    const classify = core.createTextClassifier(packModel({ ...weights, codeBias: -3, embeddingsBias: -9 }))
    expect(classify('banana')).toMatchObject({ task: 'code', reason: 'reads like a request about code: “banana”' })
    expect(classify('cherry').task).toBe('chat')
  })
})

describe('training data', () => {
  it('is the same for the same seed, and another for another', () => {
    const texts = (seed: number): string[] => makeExamples(200, new Random(seed)).map(({ text }) => text)
    expect(texts(1)).toEqual(texts(1))
    expect(texts(1)).not.toEqual(texts(2))
  })

  it('has all tasks in at least 20 languages', () => {
    const examples = makeExamples(20_000, new Random(1))
    const languages = new Map<string, Set<Example['task']>>()
    for (const { language, task } of examples)
      languages.set(language, (languages.get(language) ?? new Set()).add(task))
    expect([...languages.values()].filter((tasks) => tasks.size === 3).length).toBeGreaterThanOrEqual(20)
  })

  it('is made by grammars that say what they lack', () => {
    const grammar = readGrammar('[a]\nx {b}\\n{c}\n[b]\n= one, one', 'test')
    expect(undefinedSymbols(grammar, {})).toEqual(['c'])
    expect(undefinedSymbols(grammar, { c: () => 'z' })).toEqual([])
    expect(expand('a', grammar, { c: () => 'z' }, new Random(1))).toBe('x one\nz')
    expect(() => readGrammar('lost', 'test')).toThrow('"lost" stands under no [symbol]')
    expect(() => readGrammar('[a]\n[a]', 'test')).toThrow('twice')
  })

  it('is misspelt so that it stays readable', () => {
    const random = new Random(2)
    for (let time = 0; time < 200; time += 1) {
      const text = misspell('Where is the nearest station, please?', random)
      expect(overlaps([text], ['where is the nearest station please'], 0.15)).toHaveLength(1)
    }
  })
})

describe('likeness of texts', () => {
  it('is 1 for the same text, whatever its capitals and marks, and 0 for another', () => {
    expect(overlaps(['Hello, World!'], ['hello world'])).toEqual([
      { heldOut: 'Hello, World!', training: 'hello world', similarity: 1 },
    ])
    expect(overlaps(['Hello'], ['goodbye'])).toEqual([])
    expect(overlaps(['Why is the sky blue?'], ['Why is the sky so blue?'])).toHaveLength(0)
    expect(overlaps(['Why is the sky blue today?'], ['why is the sky blue today'])).toHaveLength(1)
    expect(partsOf('ab').size).toBe(1)
  })
})
