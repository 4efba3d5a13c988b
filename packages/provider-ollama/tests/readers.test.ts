import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readChatLine } from '../src/wire/chat-line.js'
import { readEmbedAnswer } from '../src/wire/embed-answer.js'
import { parameterCount } from '../src/wire/model-details.js'
import { readPullLine } from '../src/wire/pull-line.js'
import { readRunning } from '../src/wire/running.js'
import { readShow } from '../src/wire/show.js'
import { readTags } from '../src/wire/tags.js'

const READERS = { readChatLine, readEmbedAnswer, readPullLine, readRunning, readShow, readTags }

/** JSON that has the members the readers look for, with anything in them. */
const shaped = fc.letrec((tie) => ({
  value: fc.oneof(fc.jsonValue(), tie('object'), fc.array(tie('value'), { maxLength: 3 })),
  object: fc.dictionary(
    fc.constantFrom(
      'models',
      'name',
      'model',
      'message',
      'done',
      'content',
      'thinking',
      'tool_calls',
      'function',
      'arguments',
      'embeddings',
      'status',
      'digest',
      'total',
      'details',
      'model_info',
      'general.architecture',
      'capabilities',
      'parameters',
      'prompt_eval_count',
    ),
    tie('value'),
    { maxKeys: 8 },
  ),
})).value

describe('the readers of answers', () => {
  it.each(Object.entries(READERS))('%s takes any JSON without falling over', (_name, read) => {
    fc.assert(
      fc.property(shaped, (value) => void read(value)),
      { numRuns: 1_000 },
    )
  })

  it('never give half a vector', () => {
    expect(
      readEmbedAnswer({
        embeddings: [
          [1, 2],
          [3, null],
        ],
      }),
    ).toBeUndefined()
    expect(readEmbedAnswer({ embeddings: [[1, 2], 'x'] })).toBeUndefined()
    expect(readEmbedAnswer({ embeddings: [[1, 2]] })?.vectors).toEqual([[1, 2]])
  })

  it('take a list of models that is null for an empty one', () => {
    expect(readTags({ models: null })).toEqual([])
    expect(readTags({ version: '1' })).toBeUndefined()
  })

  it('keep arguments that already are text', () => {
    const line = readChatLine({
      message: { tool_calls: [{ function: { name: 'f', arguments: '{"a":1}' } }] },
      done: false,
    })
    expect(line?.toolCalls).toEqual([{ name: 'f', argumentsText: '{"a":1}' }])
  })

  it.each([
    ['268.10M', 268_100_000],
    ['7.6B', 7_600_000_000],
    ['1.2b', 1_200_000_000],
    ['137', 137],
    ['big', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('read %j weights as %s', (text, count) => {
    expect(parameterCount(text)).toBe(count)
  })
})
