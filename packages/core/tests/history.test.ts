import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpenMux, type Message, OpenMuxError } from '../src/index.js'
import { leastOf } from '../src/plan/least-of-history.js'
import { splitHistory } from '../src/plan/shorten-history.js'
import { ContextNeed } from '../src/plan/context-need.js'
import { failureOf } from './support/failure.js'
import { answer, card, scripted } from './support/scripted-provider.js'

const words = (count: number): string => 'word '.repeat(count)
const long: Message[] = [
  { role: 'system', content: 'Be brief.' },
  ...Array.from({ length: 10 }, (_, index): Message[] => [
    { role: 'user', content: `question ${index} ${words(200)}` },
    { role: 'assistant', content: `answer ${index} ${words(200)}` },
  ]).flat(),
  { role: 'user', content: 'And now?' },
]

describe('a conversation that is longer than a window', () => {
  it('is refused with the numbers, and nothing is sent', async () => {
    const small = scripted('small', { cards: [card('small', { contextTokens: 2_000 })] })
    const error = await failureOf(createOpenMux({ providers: [small] }).chat({ messages: long }))
    expect(error.code).toBe('context-too-long')
    expect(error.message).toMatch(/about \d+ tokens, its window 2000/)
    expect(small.asked).toHaveLength(0)
  })

  it('goes to a larger or an unknown window', async () => {
    const providers = [
      scripted('small', { cards: [card('small', { contextTokens: 2_000 })] }),
      scripted('large', { cards: [card('large', { contextTokens: 100_000 })] }),
    ]
    expect((await createOpenMux({ providers }).chat({ messages: long })).provider).toBe('large')
  })

  it('is trimmed by whole turns where the caller allows it, and says what was left out', async () => {
    const small = scripted('small', { cards: [card('small', { contextTokens: 2_000 })] })
    const result = await createOpenMux({ providers: [small] }).chat({ messages: long, history: 'trim' })
    const sent = small.asked[0]?.messages ?? []
    expect(sent[0]).toEqual(long[0])
    expect(sent.at(-1)).toEqual(long.at(-1))
    expect(sent[1]?.role).toBe('user')
    expect(sent.length).toBeLessThan(long.length)
    expect(result.warnings).toMatchObject([
      { message: 'small was asked for, model-1 answered.' },
      {
        message: `${long.length - sent.length} of ${long.length} messages were left out to fit 2000 tokens.`,
      },
    ])
  })

  it('is summarised by the same model first where the caller wants that', async () => {
    const small = scripted('small', {
      cards: [card('small', { contextTokens: 2_000 })],
      answers: [answer('They spoke about words.'), answer('Done.')],
    })
    const result = await createOpenMux({ providers: [small] }).chat({ messages: long, history: 'summarise' })
    expect(result.text).toBe('Done.')
    expect(small.asked).toHaveLength(2)
    expect(small.asked[1]?.messages[1]).toEqual({
      role: 'system',
      content: 'What was said before, in short: They spoke about words.',
    })
  })

  it('is checked again for the window of the next candidate', async () => {
    const first = scripted('first', {
      cards: [card('first')],
      answers: [[new OpenMuxError({ code: 'context-too-long', message: '8192 tokens' })]],
    })
    const providers = [
      first,
      scripted('tiny', { cards: [card('tiny', { contextTokens: 1_000 })] }),
      scripted('large', { cards: [card('large', { contextTokens: 100_000 })] }),
    ]
    const result = await createOpenMux({ providers }).chat({ messages: long })
    expect(result.attempts.map(({ provider }) => provider)).toEqual(['first', 'large'])
  })

  it('goes to another window once only', async () => {
    const tooLong = () => new OpenMuxError({ code: 'context-too-long', message: 'too long' })
    const providers = ['a', 'b', 'c'].map((id) => scripted(id, { answers: [[tooLong()]] }))
    const error = await failureOf(createOpenMux({ providers }).chat({ messages: long }))
    expect(error.attempts?.map(({ provider }) => provider)).toEqual(['a', 'b'])
  })

  it('is never split inside a turn, never out of order, and always keeps its end', () => {
    const role = fc.constantFrom('user', 'assistant', 'tool')
    const message = fc.record({ role, size: fc.nat(400) }).map(({ role: kind, size }): Message => {
      const content = words(size)
      return kind === 'tool' ? { role: 'tool', toolCallId: 'a', content } : { role: kind as 'user', content }
    })
    fc.assert(
      fc.property(
        fc.array(message, { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 200, max: 8_000 }),
        (list, window) => {
          const split = splitHistory(list, window, undefined)
          if (split === undefined) return
          expect([...split.before, ...split.old, ...split.kept]).toEqual(list)
          expect(split.kept.at(-1)).toBe(list.at(-1))
          if (split.old.length > 0) expect(split.kept[0]?.role).toBe('user')
          expect(new ContextNeed([...split.before, ...split.kept]).tokens).toBeLessThanOrEqual(window)
          expect(leastOf(list).at(-1)).toBe(list.at(-1))
        },
      ),
    )
  })
})
