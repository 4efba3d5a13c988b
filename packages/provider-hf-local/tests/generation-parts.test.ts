import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { modelSampling } from '../src/worker/model-sampling.js'
import { normalize, pool } from '../src/worker/pooling.js'
import { chooseToken, likeliestToken } from '../src/worker/sampling.js'
import { seededRandom } from '../src/worker/seeded-random.js'
import { stopScanner } from '../src/worker/stop-texts.js'
import { textPieces } from '../src/worker/text-pieces.js'

const logits = fc.array(fc.double({ min: -30, max: 30, noNaN: true }), { minLength: 1, maxLength: 40 })

describe('choosing a token', () => {
  it('takes the likeliest at temperature 0, at top-k 1 and at a tiny top-p', () => {
    fc.assert(
      fc.property(logits, fc.integer(), (scores, seed) => {
        const best = scores[likeliestToken(scores)]
        const settings = { temperature: 1, topP: 1, topK: 0 }
        for (const narrow of [{ temperature: 0 }, { topK: 1 }, { topP: 1e-12 }]) {
          const token = chooseToken(scores, { ...settings, ...narrow }, seededRandom(seed))
          expect(scores[token]).toBeCloseTo(best ?? Number.NaN, 6)
        }
      }),
    )
  })

  it('never takes a token outside of the smallest set that top-p allows', () => {
    fc.assert(
      fc.property(
        logits,
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        fc.integer(),
        (scores, topP, seed) => {
          const token = chooseToken(scores, { temperature: 1, topP, topK: 0 }, seededRandom(seed))
          const top = Math.max(...scores)
          const shares = scores.map((score) => Math.exp(score - top))
          const sum = shares.reduce((all, share) => all + share, 0)
          const likelier = shares
            .filter((share) => share > (shares[token] ?? 0))
            .reduce((all, share) => all + share, 0)
          expect(likelier / sum).toBeLessThanOrEqual(topP + 1e-9)
        },
      ),
    )
  })

  it('takes tokens as often as their probabilities say', () => {
    const random = seededRandom(11)
    const counts = [0, 0, 0]
    const scores = [Math.log(0.5), Math.log(0.3), Math.log(0.2)]
    for (let round = 0; round < 20_000; round++) {
      const token = chooseToken(scores, { temperature: 1, topP: 1, topK: 0 }, random)
      counts[token] = (counts[token] ?? 0) + 1
    }
    expect(counts.map((count) => count / 20_000)).toEqual([
      expect.closeTo(0.5, 1),
      expect.closeTo(0.3, 1),
      expect.closeTo(0.2, 1),
    ])
  })

  it('says when a model computed nothing usable', () => {
    expect(chooseToken([Number.NaN, Number.NaN], { temperature: 1, topP: 1, topK: 0 }, seededRandom(1))).toBe(
      -1,
    )
  })

  it('follows the config of the model where the request is silent', () => {
    const config = { do_sample: true, temperature: 0.7, top_p: 0.8, top_k: 20 }
    expect(modelSampling({}, config)).toEqual({ temperature: 0.7, topP: 0.8, topK: 20 })
    expect(modelSampling({ temperature: 0 }, config).temperature).toBe(0)
    expect(modelSampling({}, { temperature: 0.7 })).toEqual({ temperature: 0, topP: 1, topK: 0 })
    expect(modelSampling({ topP: 0.5 }, null)).toEqual({ temperature: 1, topP: 0.5, topK: 0 })
  })
})

describe('seeded random numbers', () => {
  it('are the same for the same seed, in [0, 1), and differ between neighbouring seeds', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const numbers = Array.from({ length: 8 }, seededRandom(seed))
        expect(Array.from({ length: 8 }, seededRandom(seed))).toEqual(numbers)
        expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
        if (seed < Number.MAX_SAFE_INTEGER)
          expect(Array.from({ length: 8 }, seededRandom(seed + 1))).not.toEqual(numbers)
      }),
    )
  })
})

describe('stop texts', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 30 })
  it('cut before the first of them, however the pieces fall', () => {
    const stops = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 }), {
      maxLength: 3,
    })
    fc.assert(
      fc.property(
        letters,
        stops,
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 31, maxLength: 31 }),
        (text, list, sizes) => {
          const scanner = stopScanner(list)
          let shown = ''
          let stopped = false
          for (let at = 0, piece = 0; at < text.length && !stopped; at += sizes[piece++] ?? 1) {
            const scanned = scanner.push(text.slice(at, at + (sizes[piece] ?? 1)))
            shown += scanned.text
            stopped = scanned.stopped
          }
          if (!stopped) shown += scanner.flush()
          const cuts = list.map((stop) => text.indexOf(stop)).filter((at) => at !== -1)
          // Pieces decide which of two overlapping stop texts is seen first, but never show a stop text.
          expect(stopped).toBe(cuts.length > 0)
          expect(text.startsWith(shown)).toBe(true)
          expect(list.some((stop) => shown.includes(stop))).toBe(false)
          if (cuts.length === 0) expect(shown).toBe(text)
        },
      ),
    )
  })
})

describe('text from tokens', () => {
  it('is the whole text, in pieces without half characters, when every token is a single byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 20 }), (text) => {
        fc.pre(!text.includes('\uFFFD'))
        const decode = (tokens: readonly number[]): string =>
          new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens))
        const pieces = textPieces(decode)
        const shown = [...new TextEncoder().encode(text)].map((byte) => pieces.push(byte))
        expect(shown.join('') + pieces.flush()).toBe(text)
        expect(shown.join('')).not.toContain('\uFFFD')
      }),
    )
  })

  it('keeps the blank of a word whose token has it only behind another (SentencePiece)', () => {
    const words = ['▁Hello', '▁world', '!']
    const decode = (tokens: readonly number[]): string =>
      tokens
        .map((token) => words[token])
        .join('')
        .replaceAll('▁', ' ')
        .trimStart()
    const pieces = textPieces(decode)
    expect([0, 1, 2].map((token) => pieces.push(token))).toEqual(['Hello', ' world', '!'])
  })

  it('gives broken bytes up after a while, instead of holding everything back', () => {
    const pieces = textPieces((tokens) => '\uFFFD'.repeat(tokens.length))
    const shown = Array.from({ length: 40 }, () => pieces.push(0)).join('')
    expect(shown.length).toBeGreaterThan(20)
    expect(shown + pieces.flush()).toBe('\uFFFD'.repeat(40))
  })
})

describe('pooling', () => {
  const vectors = { data: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], texts: 2, tokens: 3, dimensions: 2 }
  it('passes over padding on either side', () => {
    const mask = [1, 1, 0, 0, 1, 1]
    expect([...pool(vectors, mask, 'mean')]).toEqual([2, 3, 10, 11])
    expect([...pool(vectors, mask, 'cls')]).toEqual([1, 2, 9, 10])
    expect([...pool(vectors, mask, 'last-token')]).toEqual([3, 4, 11, 12])
  })

  it('normalises to length 1 and leaves zero alone', () => {
    const data = Float32Array.from([3, 4, 0, 0])
    normalize(data, 2)
    expect([...data]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8), 0, 0])
  })
})
