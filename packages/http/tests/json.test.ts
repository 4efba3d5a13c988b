import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  amountOf,
  countOf,
  defined,
  listOf,
  membersOf,
  numberOf,
  objectOf,
  objectsOf,
  positiveOf,
  shapeOf,
  textOf,
  textsOf,
} from '../src/index.js'

const anything = fc.anything({ withBigInt: true, withDate: true, withNullPrototype: true })

describe('readers of JSON', () => {
  it('never throw, and give what they promise, whatever comes', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const object = objectOf(value)
        expect(object === undefined || object === value).toBe(true)
        expect(membersOf(value)).toBe(object ?? membersOf(undefined))
        expect(Array.isArray(listOf(value))).toBe(true)
        expect(objectsOf(value).every((one) => objectOf(one) !== undefined)).toBe(true)
        expect(textOf(value)).not.toBe('')
        expect(textsOf(value).every((text) => text !== '')).toBe(true)
        for (const read of [numberOf, amountOf, countOf, positiveOf])
          expect(Number.isFinite(read(value) ?? 0)).toBe(true)
        expect(amountOf(value) ?? 0).toBeGreaterThanOrEqual(0)
        expect(Number.isInteger(countOf(value) ?? 0)).toBe(true)
        expect(positiveOf(value)).not.toBe(0)
      }),
    )
  })

  it('take objects, and neither arrays nor null', () => {
    expect([{ a: 1 }, [], null, 'x', undefined].map(objectOf)).toEqual([
      { a: 1 },
      ...Array(4).fill(undefined),
    ])
    expect([{ a: 1 }, [], null].map(membersOf)).toEqual([{ a: 1 }, {}, {}])
    expect(objectsOf([{ a: 1 }, null, [], 'x', {}])).toEqual([{ a: 1 }, {}])
    expect(objectsOf({ 0: {} })).toEqual([])
  })

  it('take null for no list, and leave out what is no text', () => {
    expect(listOf(null)).toEqual([])
    expect(textsOf(['a', '', 1, null, 'b'])).toEqual(['a', 'b'])
    expect(textsOf('ab')).toEqual([])
  })

  it('tell amounts, counts and what is known from each other', () => {
    const values = [2.7, 0, 0.4, -1, Number.NaN, Number.POSITIVE_INFINITY, '3', null]
    expect(values.map(amountOf)).toEqual([2.7, 0, 0.4, ...Array(5).fill(undefined)])
    expect(values.map(countOf)).toEqual([2, 0, 0, ...Array(5).fill(undefined)])
    expect(values.map(positiveOf)).toEqual([2, ...Array(7).fill(undefined)])
    expect(['3', ' 0.5 ', '', ' ', '1e999', '-1', -1, 'x'].map(numberOf)).toEqual([
      3,
      0.5,
      ...Array(3).fill(undefined),
      -1,
      -1,
      undefined,
    ])
  })
})

describe('defined', () => {
  it('keeps every member but the undefined ones, in order', () => {
    const made = defined({ b: 1, a: undefined, c: null, d: '' })
    expect(Object.entries(made)).toEqual([
      ['b', 1],
      ['c', null],
      ['d', ''],
    ])
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.option(fc.jsonValue(), { nil: undefined })), (record) => {
        const kept = Object.entries(record).filter(([, value]) => value !== undefined)
        expect(Object.entries(defined(record))).toEqual(kept)
      }),
    )
  })

  it('lets no member change the prototype, and takes none from it', () => {
    const hostile = JSON.parse('{"__proto__":{"stream":true},"a":1}') as object
    const made = defined(hostile)
    expect(Object.getPrototypeOf(made)).toBe(Object.prototype)
    expect(JSON.stringify(made)).toBe('{"__proto__":{"stream":true},"a":1}')
    expect(defined(Object.create({ a: 1 }) as object)).toEqual({})
  })
})

describe('the shape of a value', () => {
  it('is named without the value of a text', () => {
    const values = [null, undefined, '', 'secret', 3, true, [], [1, 2], {}, () => 1, 1n]
    expect(values.map(shapeOf)).toEqual([
      'null',
      'absent',
      'an empty text',
      'a text of 6 characters',
      '3',
      'true',
      'an empty array',
      'an array of 2',
      'an object',
      'a value of type function',
      'a value of type bigint',
    ])
  })
})
