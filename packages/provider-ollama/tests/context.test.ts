import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { promptSize } from '../src/context/prompt-size.js'
import { textSize } from '../src/context/text-size.js'
import { chooseContext, wasShortened } from '../src/index.js'

const ENGLISH =
  'The tide was low, and the children had walked out over the wet sand to the wreck. Nobody had told them that it was forbidden; nobody had thought they would go so far.'

describe('the size of a text', () => {
  it('is likely a little above what tokenizers make of English', () => {
    // 36 to 38 tokens in the tokenizers of Llama 3, Qwen 3 and Gemma 3.
    const { likely } = textSize(ENGLISH)
    expect(likely).toBeGreaterThan(34)
    expect(likely).toBeLessThan(55)
  })

  it('has its guess between the least and the most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), (text) => {
        const { atLeast, atMost, likely } = textSize(text)
        expect(atMost).toBe(new TextEncoder().encode(text).length)
        expect(atLeast).toBeLessThanOrEqual(atMost)
        expect(likely).toBeLessThanOrEqual(atMost + 1)
        expect(likely).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('counts each word once at least, and a ruler of one sign as one', () => {
    expect(textSize('word '.repeat(500)).atLeast).toBe(500)
    expect(textSize('='.repeat(500)).atLeast).toBe(1)
    expect(textSize(' '.repeat(500)).atLeast).toBe(0)
  })

  it('takes a megabyte in one quick pass', () => {
    const start = performance.now()
    expect(textSize('lorem ipsum '.repeat(90_000)).atLeast).toBe(180_000)
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  it('of a request counts tools, images and the system prompt of the Modelfile', () => {
    const base = { model: 'm', messages: [{ role: 'user' as const, content: 'hi' }] }
    const plain = promptSize(base).likely
    const tool = { name: 'f', description: 'does something useful', parameters: { type: 'object' } }
    expect(promptSize({ ...base, tools: [tool] }).likely).toBeGreaterThan(plain + 10)
    expect(promptSize({ ...base, tools: [tool], toolChoice: 'none' }).likely).toBe(plain)
    expect(promptSize(base, 'You are a pirate. '.repeat(20)).likely).toBeGreaterThan(plain + 80)
    const image = { type: 'image' as const, mediaType: 'image/png', base64: 'aGk=' }
    expect(promptSize({ model: 'm', messages: [{ role: 'user', content: [image] }] }).likely).toBeGreaterThan(
      1_000,
    )
  })
})

describe('the window asked for', () => {
  it.each([
    [{ prompt: 10 }, 4_096],
    [{ prompt: 10, thinks: true }, 8_192],
    [{ prompt: 10, thinks: true, answer: 100 }, 4_096],
    [{ prompt: 3_000 }, 8_192],
    [{ prompt: 3_000, answer: 100 }, 4_096],
    [{ prompt: 10, answer: 10_000 }, 16_384],
    [{ prompt: 100_000, trained: 131_072 }, 131_072],
    [{ prompt: 10, trained: 2_048 }, 2_048],
    [{ prompt: 100_000, trained: 8_192 }, 8_192],
    [{ prompt: 1_000_000 }, 32_768],
    [{ prompt: 10, running: 16_384 }, 16_384],
    [{ prompt: 10, running: 65_536 }, 65_536],
    [{ prompt: 10_000, running: 4_096 }, 16_384],
    [{ prompt: 10, modelfile: 3_000 }, 3_000],
    [{ prompt: 10, modelfile: 256 }, 4_096],
    [{ prompt: 10, modelfile: 20_000 }, 20_000],
    [{ prompt: 10, fixed: 512 }, 512],
    [{ prompt: 10_000, fixed: 512, running: 8_192 }, 512],
    [{ prompt: 10, fixed: 99_999, trained: 2_048 }, 2_048],
    [{ prompt: 100_000, trained: 131_072, ceiling: 16_384 }, 16_384],
  ])('for %j is %i', (need, expected) => {
    expect(chooseContext(need)).toBe(expected)
  })

  it('holds prompt and answer where the model allows it, never exceeds the model, never shrinks an instance', () => {
    const tokens = fc.integer({ min: 1, max: 300_000 })
    fc.assert(
      fc.property(
        tokens,
        tokens,
        fc.option(tokens, { nil: undefined }),
        tokens,
        (prompt, answer, running, trained) => {
          const inMemory = running === undefined ? {} : { running: Math.min(running, trained) }
          const chosen = chooseContext({ prompt, answer, trained, ...inMemory })
          expect(chosen).toBeLessThanOrEqual(trained)
          expect(chosen).toBeGreaterThanOrEqual(inMemory.running ?? 0)
          if (prompt * 1.15 + answer + 1 <= trained) expect(chosen).toBeGreaterThanOrEqual(prompt + answer)
        },
      ),
    )
  })
})

describe('a shortened prompt', () => {
  const size = textSize('word '.repeat(1_000))

  it.each([
    ['fills the window', 256, 256, true],
    ['is far smaller than its words', 235, 512, true],
    ['is whole', 1_010, 4_096, false],
    ['is whole and nearly fills the window', 1_010, 1_011, false],
    ['is a little smaller than its words', 960, 1_100, false],
    ['was in the cache, and would have fit', 3, 8_192, false],
  ])('that %s: %i of a window of %i', (_name, evaluated, context, expected) => {
    expect(wasShortened({ size, evaluated, context })).toBe(expected)
  })

  it('is not suspected when the server counted nothing', () => {
    expect(wasShortened({ size, context: 256 })).toBe(false)
  })

  it('is never suspected of a whole prompt, whatever the tokenizer made of it', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 600 }).map(textSize)
    fc.assert(
      fc.property(
        texts,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 4_096 }),
        (each, share, room) => {
          const evaluated = Math.ceil(each.atLeast + share * (each.atMost - each.atLeast))
          expect(wasShortened({ size: each, evaluated, context: evaluated + room })).toBe(false)
        },
      ),
    )
  })

  it('is always seen when a conversation was cut to half of its words', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 5_000 }), (words) => {
        const whole = textSize('word '.repeat(words))
        const context = Math.floor(words / 2)
        expect(wasShortened({ size: whole, evaluated: context - 1, context })).toBe(true)
      }),
    )
  })
})
