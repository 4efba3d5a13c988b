import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { prefillIsSafe, Splice, type Spliced } from '../src/run/splice.js'

/** Cuts a text into pieces at the given places. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...places].map((from, index) => text.slice(from, places[index])).filter((piece) => piece !== '')
}

function run(splice: Splice, parts: readonly string[]): { text: string; last: Spliced } {
  let text = ''
  let last: Spliced = { kind: 'held' }
  for (const part of [...parts, undefined]) {
    last = part === undefined ? splice.end() : splice.push(part)
    if (last.kind === 'joined') text += last.text
    if (last.kind === 'differs' || last.kind === 'unclear') break
  }
  return { text, last }
}

const words = fc
  .array(fc.constantFrom('sea', 'gull', 'is', 'blue', '\n', 'é', '你好', '  ', 'the', 'tide', 'of', 'a'), {
    minLength: 1,
    maxLength: 60,
  })
  .map((list) => list.join(' '))
const cuts = fc.array(fc.nat(), { maxLength: 12 })

describe('the seam of two texts', () => {
  it('loses and doubles no character when the second begins anew with the same words', () => {
    fc.assert(
      fc.property(words, fc.nat(), cuts, (whole, at, places) => {
        const delivered = whole.slice(0, at % (whole.length + 1))
        const { text, last } = run(new Splice(delivered, 'restart'), pieces(whole, places))
        expect(delivered + text).toBe(whole)
        expect(last.kind).toBe('joined')
      }),
    )
  })

  it('loses and doubles no character when the second goes on after a prefill, whatever white space was cut off', () => {
    fc.assert(
      fc.property(words, fc.nat(), cuts, (whole, at, places) => {
        const delivered = whole.slice(0, at % (whole.length + 1))
        fc.pre(delivered.trim() !== '' && prefillIsSafe(delivered))
        const rest = whole.slice(delivered.trimEnd().length)
        const { text, last } = run(new Splice(delivered, 'prefill'), pieces(rest, places))
        // Nothing is ever joined that could be the beginning once more.
        if (last.kind === 'unclear') expect(text).toBe('')
        else expect(delivered + text).toBe(whole)
      }),
    )
  })

  it('never glues a text that begins in other words', () => {
    fc.assert(
      fc.property(words, words, fc.nat(), cuts, (whole, other, at, places) => {
        const delivered = whole.slice(0, 1 + (at % whole.length))
        fc.pre(delivered.trim() !== '' && !other.startsWith(delivered))
        const { text, last } = run(new Splice(delivered, 'restart'), pieces(other, places))
        expect(text).toBe('')
        expect(last.kind).toBe('differs')
      }),
    )
  })

  it.each([
    ['all of it', 'The sea is wide and old, and nobody ', 'The sea is wide and old, and nobody owns it.'],
    [
      'much of it, in other words then',
      'The sea is wide and old, and nobody ',
      'The sea is wide and old, but I do not mind.',
    ],
    ['little, and no more', 'The sea is wide and old, and nobody ', 'The sea'],
    ['a refrain', 'ha ', 'ha ha ha'],
  ])(
    'joins nothing when a model that was asked to go on repeats the beginning: %s',
    (_how, delivered, again) => {
      for (const cut of [3, 7, 20, 100]) {
        const { text, last } = run(new Splice(delivered, 'prefill'), pieces(again, [cut]))
        expect({ text, kind: last.kind }).toEqual({ text: '', kind: 'unclear' })
      }
    },
  )

  it('passes on a continuation as soon as it can be no repetition', () => {
    const splice = new Splice('The sea is wide', 'prefill')
    expect(splice.push(' and')).toEqual({ kind: 'joined', text: ' and' })
  })

  it('asks for no prefill where the beginning occurs again, as in a refrain', () => {
    expect(prefillIsSafe('la la la la la la la la la la la la la')).toBe(false)
    expect(prefillIsSafe('The sea is wide and old, and nobody owns it')).toBe(true)
  })
})
