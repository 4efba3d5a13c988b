import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Classification, Classifier } from '../src/classify/classification.js'
import { classifyText } from '../src/classify/classify-text.js'
import { classifyWithin } from '../src/classify/classify-within.js'
import { glance } from '../src/classify/glance.js'
import { taskOfClassification } from '../src/classify/task-of-classification.js'
import type { Message } from '../src/index.js'
import { LABELLED, MISFIRES } from './support/labelled-requests.js'
import { ManualClock } from './support/manual-clock.js'

const messages: readonly Message[] = [{ role: 'user', content: 'Hi' }]

describe('the task of a request by rules', () => {
  for (const text of MISFIRES) {
    it(`does not take "${text}" for code or embeddings`, () => {
      expect(['chat', 'unknown']).toContain(classifyText(text).task)
    })
  }

  it('is right for the labelled requests: never the wrong task, seldom "don’t know"', () => {
    const wrong: string[] = []
    const unknown: string[] = []
    for (const [label, text] of LABELLED) {
      const { task, reason } = classifyText(text)
      if (task === 'unknown') unknown.push(`${label}: ${text} (${reason})`)
      else if (task !== label) wrong.push(`${label} as ${task}: ${text} (${reason})`)
    }
    expect(wrong).toEqual([])
    expect(unknown.length / LABELLED.length, unknown.join('\n')).toBeLessThanOrEqual(0.1)
  })

  it('looks at the last user message, and lets a follow-up go on about code', () => {
    const talk: Message[] = [
      { role: 'user', content: 'Write a function that sorts' },
      { role: 'assistant', content: 'Here:\n```python\ndef f(): pass\n```' },
      { role: 'user', content: 'Now make it faster' },
    ]
    expect(classifyText(talk)).toMatchObject({ task: 'code', reason: 'goes on about code' })
    expect(classifyText([...talk, { role: 'user', content: 'Write a poem about it' }]).task).toBe('chat')
  })

  it('reads the text of messages with images, and does not know about no text', () => {
    const image = { type: 'image', mediaType: 'image/png', base64: 'AA==' } as const
    const withText: Message = {
      role: 'user',
      content: [image, { type: 'text', text: 'Write a python script like this' }],
    }
    expect(classifyText([withText]).task).toBe('code')
    expect(classifyText([{ role: 'user', content: [image] }])).toMatchObject({
      task: 'unknown',
      confidence: 0,
    })
    expect(classifyText([])).toMatchObject({ task: 'unknown', confidence: 0 })
    expect(classifyText('?!')).toMatchObject({ task: 'unknown' })
  })

  it('finds the question behind a long document', () => {
    expect(classifyText(`${'The sea is blue. '.repeat(5_000)}\nWrite a python function for this.`).task).toBe(
      'code',
    )
  })

  it('answers any text, always the same way, with a confidence from 0 to 1 and a reason', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 4_000 }), (text) => {
        const first = classifyText(text)
        expect(first).toEqual(classifyText(text))
        expect(first.confidence).toBeGreaterThanOrEqual(0)
        expect(first.confidence).toBeLessThanOrEqual(1)
        expect(first.reason).not.toBe('')
      }),
    )
  })

  it('reads no more of a book than of a page: the beginning and the end', () => {
    const page = `Write about this: ${'the sea is blue. '.repeat(200)}`
    expect(glance(page.repeat(100)).length).toBe(glance(page).length)
    expect(glance(page.repeat(100)).length).toBeLessThanOrEqual(1_801)
    fc.assert(
      fc.property(fc.string({ maxLength: 4_000 }), (middle) => {
        const head = 'Write a python function. '.repeat(60)
        const tail = ' What is the capital of France?'.repeat(30)
        expect(classifyText(`${head}${middle}${tail}`)).toEqual(classifyText(`${head}${tail}`))
      }),
    )
  })

  // No time is asserted here, the machine may be busy: a pattern that runs away takes longer than any test may.
  it('answers where careless patterns take quadratic or exponential time', () => {
    for (const unit of [
      'a',
      ' ',
      '`',
      '(',
      '_a',
      'a.',
      'select a ',
      '\n',
      'at x(',
      'class ',
      '写',
      '``` ',
      '{;',
      '"',
    ])
      expect(classifyText(unit.repeat(1_000_000 / unit.length)).reason).not.toBe('')
  })
})

describe('a classifier of the user’s own', () => {
  const clock = new ManualClock()
  const code: Classification = { task: 'code', confidence: 0.9, reason: 'looks like it' }

  it('is answered for at once when it answers at once', () => {
    expect(classifyWithin(() => code, { messages }, 50, clock)).toEqual(code)
    expect(clock.pending).toBe(0)
  })

  it('may answer later, within its time', async () => {
    const later: Classifier = () => new Promise((resolve) => void clock.after(20, () => resolve(code)))
    expect(await clock.runUntil(Promise.resolve(classifyWithin(later, { messages }, 50, clock)))).toEqual(
      code,
    )
    expect(clock.pending).toBe(0)
  })

  it('is not waited for beyond its time, and is told so', async () => {
    let left: AbortSignal | undefined
    const never: Classifier = ({ signal }) => {
      left = signal
      return new Promise(() => undefined)
    }
    const answer = await clock.runUntil(Promise.resolve(classifyWithin(never, { messages }, 50, clock)))
    expect(answer).toEqual({
      task: 'unknown',
      confidence: 0,
      reason: 'the classifier gave no answer within 50 ms',
    })
    expect(left?.aborted).toBe(true)
  })

  it('costs nothing but knowledge when it throws, fails or answers nonsense', async () => {
    const faults: [Classifier, string][] = [
      [
        () => {
          throw new Error('no model, key sk-abcdefgh12345678')
        },
        'the classifier failed',
      ],
      [() => Promise.reject(new Error('offline')), 'offline'],
      [() => ({ task: 'poetry' }) as never, 'not a classification'],
      [() => null as never, 'not a classification'],
      [() => Promise.resolve({ task: 'code', confidence: Number.NaN, reason: 'x' }), 'not a classification'],
    ]
    for (const [classifier, why] of faults) {
      const answer = await classifyWithin(classifier, { messages }, 50, clock)
      expect(answer).toMatchObject({ task: 'unknown', confidence: 0 })
      expect(answer.reason).toContain(why)
      expect(answer.reason).not.toContain('sk-abcdefgh')
    }
    expect(clock.pending).toBe(0)
  })
})

describe('what follows from a classification', () => {
  const say = (classification: Partial<Classification>) => () => ({
    task: 'chat' as const,
    confidence: 1,
    reason: 'because',
    ...classification,
  })

  it('lets the caller’s word win without asking the classifier', () => {
    const choice = taskOfClassification('chat', () => {
      throw new Error('asked')
    })
    expect(choice).toEqual({ task: 'chat', reason: 'given by the caller' })
  })

  it('takes "don’t know" as chat and says so', () => {
    const choice = taskOfClassification(undefined, say({ task: 'unknown', confidence: 0 }))
    expect(choice.task).toBe('chat')
    expect(choice.reason).toContain('don’t know (because)')
  })

  it('follows what is sure enough, and never turns a chat into vectors', () => {
    expect(taskOfClassification(undefined, say({ task: 'code', confidence: 0.9 })).task).toBe('code')
    expect(taskOfClassification(undefined, say({ task: 'code', confidence: 0.3 })).task).toBe('chat')
    expect(taskOfClassification(undefined, say({ task: 'embeddings' })).task).toBe('chat')
    expect(
      taskOfClassification(undefined, say({ task: 'embeddings' }), { among: ['embeddings', 'chat'] }).task,
    ).toBe('embeddings')
  })
})
