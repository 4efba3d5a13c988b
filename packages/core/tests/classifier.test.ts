import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  classifyByTraining,
  classifyText,
  createTextClassifier,
  FEATURE_SPACE,
  featuresOf,
  trainedClassifier,
} from '../src/classify/index.js'
import { scoresOf } from '../src/classify/scores.js'
import { segmentsOf } from '../src/classify/segments.js'
import { trainedOrRules } from '../src/classify/trained-classifier.js'
import { WEIGHTS } from '../src/classify/trained-weights.js'
import { unpackWeights } from '../src/classify/weights.js'
import { createOpenMux, isOpenMuxError, type Message, OpenMuxError, type Provider } from '../src/index.js'
import { LABELLED, MISFIRES } from './support/labelled-requests.js'
import { answer, scripted } from './support/scripted-provider.js'

describe('the task of a request by training', () => {
  for (const text of MISFIRES) {
    it(`does not take "${text}" for code or embeddings`, () => {
      expect(['chat', 'unknown']).toContain(classifyByTraining(text).task)
    })
  }

  it('is right for the labelled requests, and rather says "don’t know" than something wrong', () => {
    const wrong: string[] = []
    const unknown: string[] = []
    for (const [label, text] of LABELLED) {
      const { task, reason } = classifyByTraining(text)
      if (task === 'unknown') unknown.push(`${label}: ${text} (${reason})`)
      else if (task !== label) wrong.push(`${label} as ${task}: ${text} (${reason})`)
    }
    expect(wrong.length / LABELLED.length, wrong.join('\n')).toBeLessThanOrEqual(0.03)
    expect(unknown.length / LABELLED.length, unknown.join('\n')).toBeLessThanOrEqual(0.05)
  })

  it('looks at the last user message, and lets a follow-up go on about code', () => {
    const talk: Message[] = [
      { role: 'user', content: 'Write a function that sorts' },
      { role: 'assistant', content: 'Here:\n```python\ndef f(): pass\n```' },
      { role: 'user', content: 'Now make it faster' },
    ]
    expect(classifyByTraining(talk).task).toBe('code')
    expect(classifyByTraining([...talk, { role: 'user', content: 'Write a poem about autumn' }]).task).toBe(
      'chat',
    )
    expect(trainedClassifier({ messages: talk })).toEqual(classifyByTraining(talk))
  })

  it('does not know about no text, no words, and images alone', () => {
    const image = { type: 'image', mediaType: 'image/png', base64: 'AA==' } as const
    for (const input of ['', ' \n', '?!', '42', '👍', [], [{ role: 'user', content: [image] }] as Message[]])
      expect(classifyByTraining(input)).toMatchObject({ task: 'unknown', confidence: 0 })
  })

  it('finds the question behind a long document', () => {
    const book = 'The sea is blue. '.repeat(5_000)
    expect(classifyByTraining(`${book}\nWrite a python function for this.`).task).toBe('code')
    expect(classifyByTraining(`Write a python function for this.\n${book}`).task).toBe('code')
    expect(classifyByTraining(book).task).toBe('chat')
  })

  it('answers any text, always the same way, with a confidence from 0 to 1 and a reason', () => {
    fc.assert(
      fc.property(anyText(4_000), (text) => {
        const first = classifyByTraining(text)
        expect(first).toEqual(classifyByTraining(text))
        expect(first.confidence).toBeGreaterThanOrEqual(0)
        expect(first.confidence).toBeLessThan(1)
        expect(first.reason).not.toBe('')
      }),
    )
  })

  it('reads at most 640 characters, however long the text is', () => {
    fc.assert(
      fc.property(anyText(4_000), (text) => {
        const pieces = segmentsOf(text.repeat(3))
        expect(pieces.reduce((sum, piece) => sum + piece.text.length, 0)).toBeLessThanOrEqual(640)
      }),
    )
  })

  it('names no word in its reason that training did not know', () => {
    const secret = 'sk-abcdefgh12345678 xkqzvv'
    const { task, reason } = classifyByTraining(`Write a python function ${secret}`)
    expect(task).toBe('code')
    expect(reason).not.toMatch(/abcdefgh|xkqzvv/)
  })
})

describe('weights', () => {
  it('take at most 60 kB', () => {
    expect(WEIGHTS.length).toBeLessThanOrEqual(60_000)
  })

  const middle = Math.floor(WEIGHTS.length / 2)
  const broken: Readonly<Record<string, readonly [weights: string, says: RegExp]>> = {
    missing: ['', /cut off/],
    short: ['AAAA', /cut off/],
    'cut off': [WEIGHTS.slice(0, middle - (middle % 4)), /damaged/],
    'no base64': ['§', /not base64/],
    'something else': [btoa('{"weights": []}'.repeat(10)), /no weights of a classifier/],
    'of another version': [btoa(`OMC\u0007${'\0'.repeat(100)}`), /version 7, and only version 2/],
    damaged: [
      `${WEIGHTS.slice(0, middle)}${WEIGHTS[middle] === 'A' ? 'B' : 'A'}${WEIGHTS.slice(middle + 1)}`,
      /damaged/,
    ],
  }

  for (const [name, [weights, says]] of Object.entries(broken)) {
    it(`that are ${name} are refused with a typed error that names the field and the way out`, () => {
      let thrown: unknown
      try {
        createTextClassifier(weights)
      } catch (error) {
        thrown = error
      }
      expect(isOpenMuxError(thrown)).toBe(true)
      expect(thrown).toMatchObject({
        code: 'bad-config',
        field: 'weights',
        message: expect.stringMatching(says),
      })
      expect((thrown as OpenMuxError).hint).toContain('leave the classifier out')
    })

    it(`that are ${name} leave the work to the rules, and the reason says so`, () => {
      const classify = trainedOrRules(weights)
      for (const text of ['Write a python function', 'What is the dress code?', '?!']) {
        const { reason, ...rest } = classify(text)
        const { reason: byRules, ...expected } = classifyText(text)
        expect(rest).toEqual(expected)
        expect(reason).toContain(`${byRules}; by rules, for the weights`)
      }
    })
  }

  it('that are any text at all never get further than a typed error', () => {
    fc.assert(
      fc.property(fc.oneof(fc.base64String({ maxLength: 400 }), fc.string()), (text) => {
        expect(() => createTextClassifier(text)).toThrow(OpenMuxError)
      }),
    )
  })
})

describe('features for a training', () => {
  it('are whole numbers within their space, the same each time, more of them after an answer with code', () => {
    fc.assert(
      fc.property(anyText(1_000), (text) => {
        const features = featuresOf(text)
        expect(featuresOf(text)).toEqual(features)
        expect(featuresOf(text, true).size).toBe(features.size + 1)
        for (const [feature, value] of features) {
          expect(Number.isInteger(feature) && feature >= 0 && feature < FEATURE_SPACE).toBe(true)
          expect(value).toBeGreaterThan(0)
        }
      }),
    )
  })

  it('are what the classifier reads: both give the same score', () => {
    const weights = unpackWeights(WEIGHTS)
    for (const [, text] of LABELLED) {
      for (const afterCode of [false, true]) {
        let code = weights.codeBias
        for (const [feature, value] of featuresOf(text, afterCode)) {
          const slot = weights.slotOf(feature)
          if (slot >= 0) code += (weights.code[slot] ?? 0) * weights.codeStep * value
        }
        const scores = scoresOf(text, afterCode, weights)
        expect(Math.log(scores.code / scores.chat)).toBeCloseTo(code, 3)
      }
    }
  })
})

describe('an OpenMux that is given no classifier', () => {
  afterEach(() => {
    vi.doUnmock('../src/classify/trained-weights.js')
    vi.doUnmock('../src/classify/trained-classifier.js')
    vi.doUnmock('../src/classify/default-classifier.js')
    vi.resetModules()
  })

  const prompt = 'Напиши функцию на Python, которая сортирует список'

  it('uses the trained one', async () => {
    const { decision } = await createOpenMux({ providers: [provider()] }).chat({ prompt })
    expect(decision.task).toBe('code')
    expect(decision.taskReason).toContain('reads like a request about code')
  })

  it('goes on by rules when the weights are damaged, and says so', async () => {
    vi.resetModules()
    vi.doMock('../src/classify/trained-weights.js', () => ({ WEIGHTS: WEIGHTS.slice(4) }))
    const core = await import('../src/index.js')
    const openmux = core.createOpenMux({ providers: [provider()] })
    const { text, decision } = await openmux.chat({ prompt: 'Write a python function that sorts' })
    expect(text).toBe('Hello')
    expect(decision.task).toBe('code')
    expect(decision.taskReason).toContain('by rules, for the weights')
  })

  it('goes on by rules when the weights cannot be loaded, and says so', async () => {
    vi.resetModules()
    vi.doMock('../src/classify/trained-classifier.js', () => {
      throw new Error('404')
    })
    const core = await import('../src/index.js')
    const openmux = core.createOpenMux({ providers: [provider()] })
    const { text, decision } = await openmux.chat({ prompt: 'Write a python function that sorts' })
    expect(text).toBe('Hello')
    expect(decision.task).toBe('code')
    expect(decision.taskReason).toContain('by rules, for the trained classifier could not be loaded')
  })

  it('goes on as chat when nothing can be loaded, and says so', async () => {
    vi.resetModules()
    for (const name of ['trained-classifier', 'default-classifier'])
      vi.doMock(`../src/classify/${name}.js`, () => {
        throw new Error('404')
      })
    const core = await import('../src/index.js')
    const { text, decision } = await core.createOpenMux({ providers: [provider()] }).chat({ prompt })
    expect(text).toBe('Hello')
    expect(decision.task).toBe('chat')
    expect(decision.taskReason).toContain('don’t know (no classifier could be loaded)')
  })
})

/** Any UTF-16 at all, halves of characters among it. */
function anyText(maxLength: number): fc.Arbitrary<string> {
  return fc.array(fc.nat(0xffff), { maxLength }).map((units) => String.fromCharCode(...units))
}

function provider(): Provider {
  return scripted('one', { answers: [answer('Hello')] })
}
