import type { ChatResult, ChatStreamEvent } from '@openmux/core'
import { describe, expect, it } from 'vitest'
import { judge } from './storm/judge.ts'
import type { Played } from './storm/play.ts'
import { stormRequest } from './storm/requests.ts'
import { trueCalls, trueJson, trueText } from './storm/truth.ts'

const DECISION: ChatResult['decision'] = {
  task: 'chat',
  taskReason: '',
  policy: 'ordered',
  rules: {
    weights: { availability: 0, locality: 0, order: 1, price: 0, quality: 0, speed: 0 },
    floors: {},
    patienceMs: 0,
  },
  candidates: [],
}
const seen = [{ target: 'alpha', fault: 'none' }]

/** The first request of a kind that is whole and has no whims. */
function request(kind: 'text' | 'json' | 'tools', streamed: boolean) {
  for (let number = 0; ; number += 1) {
    const one = stormRequest(1, number)
    const whole = one.group === 'same words' && one.budget === 4 && one.slowMs === 0
    const long = trueText('sea', one.topic).length > 60 && !trueText('sea', one.topic).endsWith('\n')
    if (one.kind === kind && one.streamed === streamed && whole && long && one.topic % 3 !== 0) return one
  }
}

function played(
  kind: 'text' | 'json' | 'tools',
  changes: Partial<ChatResult> = {},
  streamed = false,
): Played {
  const one = request(kind, streamed)
  const truth =
    kind === 'text' ? trueText('sea', one.topic) : kind === 'json' ? trueJson('sea', one.topic) : ''
  const calls = kind === 'tools' ? trueCalls('sea', one.topic) : []
  const result: ChatResult = {
    provider: 'alpha',
    model: 'alpha-chat',
    text: truth,
    reasoning: '',
    toolCalls: calls.map((call, index) => ({ id: `call_${index}`, ...call })),
    finishReason: calls.length > 0 ? 'tool-calls' : 'stop',
    attempts: [],
    decision: DECISION,
    warnings: [],
    durationMs: 1,
    resumed: 0,
    ...changes,
  }
  const events: ChatStreamEvent[] = streamed
    ? [
        { type: 'start', model: 'alpha-chat', provider: 'alpha', warnings: [] },
        { type: 'text', text: truth },
        { type: 'finish', reason: 'stop' },
      ]
    : []
  return { request: one, events, result, left: false, startedAt: 0, endedAt: 1 }
}

const rules = (one: Played): readonly string[] => judge(one, seen, 0).map(({ rule }) => rule)

describe('the judge of the storm', () => {
  it.each(['text', 'json', 'tools'] as const)('has nothing against a whole answer: %s', (kind) => {
    expect(rules(played(kind))).toEqual([])
  })

  it('has nothing against a whole stream', () => {
    expect(rules(played('text', {}, true))).toEqual([])
  })

  it('notices a truncated answer that is called done, and lets pass one that says so', () => {
    const half = (played('text').result?.text ?? '').slice(0, 30)
    expect(rules(played('text', { text: half }))).toEqual(['truncated answer called done'])
    expect(rules(played('text', { text: half, finishReason: 'length' }))).toEqual([])
  })

  it('notices a character that is lost, doubled or changed', () => {
    const text = played('text').result?.text ?? ''
    const broken = [
      text.slice(0, 9) + text.slice(10),
      `${text.slice(0, 9)}${text.slice(8)}`,
      text.replace(/.$/s, '~'),
    ]
    for (const one of broken)
      expect(rules(played('text', { text: one }))).toEqual(['characters lost or doubled'])
  })

  it('notices JSON of two models', () => {
    const text = played('json').result?.text ?? ''
    expect(rules(played('json', { text: text.slice(0, 12) + text }))).toEqual(['JSON spliced'])
  })

  it('notices a tool call that is doubled, missing or changed', () => {
    const calls = played('tools').result?.toolCalls ?? []
    const [first] = calls
    if (first === undefined) throw new Error('no calls')
    for (const toolCalls of [
      [...calls, { ...first, id: 'again' }],
      [],
      [{ ...first, arguments: '{}' }, ...calls.slice(1)],
    ])
      expect(rules(played('tools', { toolCalls }))).toEqual(['tool calls wrong or doubled'])
  })

  it('notices a caller who was told something else than was streamed', () => {
    const one = played('text', {}, true)
    const events = one.events.filter(({ type }) => type !== 'finish')
    expect(rules({ ...one, events })).toEqual(['events out of order'])
    const doubled = one.events.flatMap((event): ChatStreamEvent[] =>
      event.type === 'text' ? [event, event] : [event],
    )
    expect(rules({ ...one, events: doubled })).toEqual(['what was seen is not what is told'])
  })

  it('notices an attempt too many, and a request that ends after its time', () => {
    const one = played('text')
    expect(
      judge(
        one,
        Array.from({ length: 5 }, () => ({ target: 'alpha', fault: 'none' })),
        0,
      ),
    ).toMatchObject([{ rule: 'more attempts than allowed' }])
    expect(rules({ ...one, endedAt: 600_001 })).toEqual(['ended too late'])
    expect(rules({ ...one, abortedAt: 100, endedAt: 200 })).toEqual(['ended too late'])
  })
})
