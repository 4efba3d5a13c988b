import { readFileSync } from 'node:fs'
import { createTextClassifier, FEATURE_SPACE, featuresOf } from '@openmux/core/classify'
import { describe, expect, it } from 'vitest'
import { type Example, type ExampleSources, makeExamples } from './examples.ts'
import { expand, readGrammar, undefinedSymbols } from './grammar.ts'
import { heldOutOf } from './held-out.ts'
import { misspell } from './mistakes.ts'
import { overlaps, partsOf } from './overlap.ts'
import { packModel } from './pack.ts'
import { measuredIn } from '../build/measured-page.ts'
import { PAGE, reportOfTestSet } from './page.ts'
import { Random } from './random.ts'
import { missedTargets, reportOf, tally, TARGETS } from './report.ts'
import { type LabelledRequest, readRequests, splitForTuning } from './requests.ts'
import { MISSED, SEED } from './settings.ts'

/** Of the examples of a training, how many are compared with all of the test set. */
const SAMPLE = 20_000
const requests = readRequests('test-set')
const byHand = readRequests('training/by-hand')
const testTexts = requests.map(({ text }) => text).filter((text) => /\p{L}/u.test(text))
const sources: ExampleSources = { byHand, isHeldOut: heldOutOf(testTexts) }

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

  it('shares nothing with what is trained on, word for word or nearly so', () => {
    const trained = new Set(makeExamples(SAMPLE, new Random(SEED), sources).map(({ text }) => text))
    expect(trained.size).toBeGreaterThan(SAMPLE / 2)
    expect(overlaps(testTexts, [...trained])).toEqual([])
  })

  it('shares nothing with the requests for training that were written by hand', () => {
    expect(
      overlaps(
        testTexts,
        byHand.map(({ text }) => text),
      ),
    ).toEqual([])
  })
})

describe('the numbers', () => {
  const { trained, report } = reportOfTestSet()

  it('in docs/classification.md are those of the weights that ship', () => {
    expect(measuredIn(readFileSync(PAGE, 'utf8')), 'node tools/classifier/evaluate.ts --write').toBe(report)
  })

  for (const { what } of TARGETS) {
    const isMissed = MISSED.includes(what)
    it(`${isMissed ? 'are honest about a target that is missed' : 'meet the target'}: ${what}`, () => {
      expect(missedTargets(trained).includes(what)).toBe(isMissed)
    })
  }

  it('count an abstention as no right answer', () => {
    const request = { language: 'en', kind: 'everyday', label: 'chat', text: 'Hi' } as const
    expect(
      tally([
        { request, said: 'unknown' },
        { request, said: 'chat' },
        { request, said: 'code' },
      ]),
    ).toEqual({
      total: 3,
      right: 1,
      wrong: 1,
      abstained: 1,
    })
    expect(tally([{ request: { ...request, label: 'unknown' }, said: 'unknown' }]).right).toBe(1)
    const wrong: LabelledRequest = { ...request, kind: 'typos' }
    expect(reportOf([{ request: wrong, said: 'code' }], [{ request: wrong, said: 'chat' }])).toContain(
      'not met',
    )
    expect(TARGETS).toHaveLength(5)
  })

  it('come from weights that are packed as they are unpacked', () => {
    const weights = {
      code: new Float32Array(FEATURE_SPACE),
      embeddings: new Float32Array(FEATURE_SPACE),
    }
    const shared = featuresOf('cherry')
    for (const feature of featuresOf('banana').keys()) if (!shared.has(feature)) weights.code[feature] = 9
    const classify = createTextClassifier(packModel({ ...weights, codeBias: -3, embeddingsBias: -9 }))
    expect(classify('banana')).toMatchObject({
      task: 'code',
      reason: 'reads like a request about code: “banana”',
    })
    expect(classify('cherry').task).toBe('chat')
  })
})

describe('training data', () => {
  it('is the same for the same seed, and another for another', () => {
    const texts = (seed: number): string[] =>
      makeExamples(200, new Random(seed), sources).map(({ text }) => text)
    expect(texts(1)).toEqual(texts(1))
    expect(texts(1)).not.toEqual(texts(2))
  })

  it('has all tasks in at least 20 languages', () => {
    const examples = makeExamples(8_000, new Random(1), sources)
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

describe('requests that settings are chosen by', () => {
  it('are about a sixth of those written by hand, always the same ones', () => {
    const { dev, rest } = splitForTuning(byHand)
    expect(dev.length + rest.length).toBe(byHand.length)
    expect(dev.length / byHand.length).toBeGreaterThan(0.12)
    expect(dev.length / byHand.length).toBeLessThan(0.22)
    expect(splitForTuning(byHand.toReversed()).dev.toReversed()).toEqual(dev)
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

  it('is found as fast as training asks for it, and as a look at all pairs finds it', () => {
    const texts = byHand.slice(0, 300).map(({ text }) => text)
    const isHeldOut = heldOutOf(texts)
    const random = new Random(7)
    for (let time = 0; time < 120; time += 1) {
      const text = random.pick([(some: string) => misspell(some, random), (some: string) => some.slice(2)])(
        random.pick(texts),
      )
      const letters = texts.filter((other) => /\p{L}/u.test(other))
      expect(isHeldOut(text), text).toBe(overlaps([text], letters).length > 0)
    }
  })
})
