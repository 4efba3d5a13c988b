import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { classifyByTraining, createTextClassifier, trainedClassifier } from '../src/classify/index.js'
import { segmentsOf } from '../src/classify/segments.js'
import { WEIGHTS } from '../src/classify/trained-weights.js'
import { createOpenMux, type Message, type Provider } from '../src/index.js'
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
    expect(classifyByTraining([...talk, { role: 'user', content: 'Write a poem about autumn' }]).task).toBe('chat')
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
      fc.property(fc.string({ unit: 'binary', maxLength: 4_000 }), (text) => {
        const first = classifyByTraining(text)
        expect(first).toEqual(classifyByTraining(text))
        expect(first.confidence).toBeGreaterThanOrEqual(0)
        expect(first.confidence).toBeLessThan(1)
        expect(first.reason).not.toBe('')
      }),
    )
  })

  it('reads at most 860 characters, however long the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 4_000 }), (text) => {
        const pieces = segmentsOf(text.repeat(3))
        expect(pieces.reduce((sum, piece) => sum + piece.text.length, 0)).toBeLessThanOrEqual(860)
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

  it('that are missing or damaged make every answer "don’t know", with the reason', () => {
    const middle = Math.floor(WEIGHTS.length / 2)
    const broken = {
      missing: '',
      short: 'AAAA',
      'cut off': WEIGHTS.slice(0, middle - (middle % 4)),
      'no base64': '§',
      'of another form': btoa('{"weights": []}'.repeat(10)),
      damaged: `${WEIGHTS.slice(0, middle)}${WEIGHTS[middle] === 'A' ? 'B' : 'A'}${WEIGHTS.slice(middle + 1)}`,
    }
    for (const [name, weights] of Object.entries(broken)) {
      const answer = createTextClassifier(weights)('Write a python function')
      expect(answer, name).toMatchObject({ task: 'unknown', confidence: 0 })
      expect(answer.reason, name).toContain('the classifier cannot work')
    }
  })

  it('that are any text at all never throw', () => {
    fc.assert(
      fc.property(fc.base64String({ maxLength: 400 }), (text) => {
        expect(createTextClassifier(text)('Hello there').task).toBe('unknown')
      }),
    )
  })
})

describe('an OpenMux that is given no classifier', () => {
  afterEach(() => {
    vi.doUnmock('../src/classify/trained-weights.js')
    vi.doUnmock('../src/classify/trained-classifier.js')
    vi.resetModules()
  })

  const prompt = 'Напиши функцию на Python, которая сортирует список'

  it('uses the trained one', async () => {
    const { decision } = await createOpenMux({ providers: [provider()] }).chat({ prompt })
    expect(decision.task).toBe('code')
    expect(decision.taskReason).toContain('reads like a request about code')
  })

  it('goes on when the weights are damaged, and says so', async () => {
    vi.resetModules()
    vi.doMock('../src/classify/trained-weights.js', () => ({ WEIGHTS: WEIGHTS.slice(4) }))
    const core = await import('../src/index.js')
    const { text, decision } = await core.createOpenMux({ providers: [provider()] }).chat({ prompt })
    expect(text).toBe('Hello')
    expect(decision.task).toBe('chat')
    expect(decision.taskReason).toContain('don’t know (the classifier cannot work: the weights')
  })

  it('goes on when the classifier cannot be loaded, and says so', async () => {
    vi.resetModules()
    vi.doMock('../src/classify/trained-classifier.js', () => {
      throw new Error('404')
    })
    const core = await import('../src/index.js')
    const { text, decision } = await core.createOpenMux({ providers: [provider()] }).chat({ prompt })
    expect(text).toBe('Hello')
    expect(decision.taskReason).toContain('don’t know (the classifier could not be loaded)')
  })
})

function provider(): Provider {
  return scripted('one', { answers: [answer('Hello')] })
}
