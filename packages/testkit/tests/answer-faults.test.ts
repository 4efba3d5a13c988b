import type { ChatEvent } from '@openmux/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answerFaults, summarize, usageFaults } from '../src/index.js'

const start: ChatEvent = { type: 'start', model: 'm', warnings: [] }
const finish: ChatEvent = { type: 'finish', reason: 'stop' }
const wellFormed = fc.string({ unit: 'grapheme', minLength: 1 })
const piece = fc.record({ type: fc.constantFrom('text' as const, 'reasoning' as const), text: wellFormed })
const answer = fc.array(piece).map((pieces): ChatEvent[] => [start, ...pieces, finish])

/** A tool call whose JSON is cut at any places. */
const calls = fc
  .tuple(wellFormed, fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.nat(60)))
  .map(([id, value, cuts]): ChatEvent[] => {
    const text = JSON.stringify(value)
    const edges = [0, ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
    return edges.slice(1).map((end, index) => ({
      type: 'tool-call',
      id,
      ...(index === 0 ? { name: 'get' } : {}),
      argumentsText: text.slice(edges[index], end),
    }))
  })

describe('answerFaults', () => {
  it('finds nothing in any well-formed answer', () => {
    fc.assert(
      fc.property(answer, (events) => {
        expect(answerFaults(events)).toEqual([])
      }),
    )
  })

  it('finds nothing in a tool call, however its JSON is cut', () => {
    fc.assert(
      fc.property(calls, (pieces) => {
        expect(answerFaults([start, ...pieces, { type: 'finish', reason: 'tool-calls' }])).toEqual([])
      }),
    )
  })

  it('finds every event that is missing, doubled or moved to the wrong end', () => {
    fc.assert(
      fc.property(answer, fc.constantFrom<'start' | 'finish'>('start', 'finish'), (events, type) => {
        const edge = type === 'start' ? start : finish
        const without = events.filter((event) => event.type !== type)
        expect(answerFaults(without)).not.toEqual([])
        expect(answerFaults([edge, ...events, edge])).not.toEqual([])
        expect(answerFaults(events.toReversed())).not.toEqual([])
      }),
    )
  })

  it('finds any piece that is empty or half a character, anywhere', () => {
    fc.assert(
      fc.property(answer, fc.nat(), fc.constantFrom('', '\uD83C', '\uDF0A'), (events, at, text) => {
        const place = 1 + (at % (events.length - 1))
        expect(answerFaults(events.toSpliced(place, 0, { type: 'text', text }))).not.toEqual([])
      }),
    )
  })

  it.each<[string, readonly ChatEvent[]]>([
    ['no event at all', []],
    ['a start without a model', [{ ...start, model: '' }, finish]],
    [
      'an option warning without its option',
      [{ ...start, warnings: [{ kind: 'ignored-option', message: 'x' }] }, finish],
    ],
    ['an unknown reason', [start, { type: 'finish', reason: 'eos' as 'stop' }]],
    ['an unknown event', [start, { type: 'ping' } as unknown as ChatEvent, finish]],
    ['tool calls without a call', [start, { type: 'finish', reason: 'tool-calls' }]],
    [
      'a call without a name',
      [start, { type: 'tool-call', id: '1', argumentsText: '{}' }, { type: 'finish', reason: 'tool-calls' }],
    ],
    [
      'a call that is a list',
      [
        start,
        { type: 'tool-call', id: '1', name: 'get', argumentsText: '[]' },
        { type: 'finish', reason: 'tool-calls' },
      ],
    ],
  ])('finds %s', (_what, events) => {
    expect(answerFaults(events)).not.toEqual([])
  })

  it('allows half a call when the token limit cut it', () => {
    const call: ChatEvent = { type: 'tool-call', id: '1', name: 'get', argumentsText: '{"a":' }
    expect(answerFaults([start, call, { type: 'finish', reason: 'length' }])).toEqual([])
  })
})

describe('usageFaults', () => {
  it('takes whole numbers whose parts are not larger than the whole', () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (input, output, part) => {
        const usage = {
          inputTokens: input,
          outputTokens: output,
          reasoningTokens: Math.floor(output * part),
          cachedInputTokens: Math.floor(input * part),
          costUsd: part,
        }
        expect(usageFaults(usage)).toEqual([])
        expect(usageFaults({ ...usage, reasoningTokens: output + 1 })).toHaveLength(1)
        expect(usageFaults({ ...usage, cachedInputTokens: input + 1 })).toHaveLength(1)
        expect(usageFaults({ ...usage, inputTokens: input + 0.5 })).not.toEqual([])
        expect(usageFaults({ ...usage, costUsd: -1 })).toHaveLength(1)
      }),
    )
  })
})

describe('summarize', () => {
  it('joins text, thinking and calls, and loses nothing', () => {
    fc.assert(
      fc.property(fc.array(piece), calls, (pieces, call) => {
        const sum = summarize([start, ...pieces, ...call, finish])
        const joined = (type: string): string =>
          pieces
            .filter((one) => one.type === type)
            .map((one) => one.text)
            .join('')
        expect([sum.text, sum.reasoning]).toEqual([joined('text'), joined('reasoning')])
        expect(sum.toolCalls).toHaveLength(1)
        expect(() => JSON.parse(sum.toolCalls[0]?.arguments ?? '') as unknown).not.toThrow()
      }),
    )
  })
})
