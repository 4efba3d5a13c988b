import { scriptedProvider } from '@openmux/testkit'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createColours, wantsColour } from '../src/terminal/colours.js'
import { PieceCleaner, showControls, showControlsIn } from '../src/terminal/control-characters.js'
import { wrap } from '../src/render/wrap.js'
import { outcome } from './support/run-in-process.js'

// oxlint-disable-next-line no-control-regex
const OBEYED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/

describe('control characters', () => {
  test('none is left, and nothing else is touched', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = showControls(text)
        expect(shown).not.toMatch(OBEYED)
        const kept = (value: string): string =>
          value.replaceAll('\r\n', '\n').replaceAll(new RegExp(OBEYED, 'g'), '')
        const pictures = /[\u2400-\u241f\u2421\ufffd]/g
        expect(kept(shown).replaceAll(pictures, '')).toBe(kept(text).replaceAll(pictures, ''))
      }),
    )
  })

  test('pieces give what the whole gives, wherever it is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '\r', '\n', '\u001b', 'é') })),
        (pieces) => {
          const cleaner = new PieceCleaner()
          const out = pieces.map((piece) => cleaner.push(piece)).join('') + cleaner.end()
          expect(out).toBe(showControls(pieces.join('')))
        },
      ),
    )
  })

  test('deep copies are cleaned in every text', () => {
    expect(showControlsIn({ a: ['\u001b[2J'], b: { c: '\u0007' }, n: 1 })).toEqual({
      a: ['␛[2J'],
      b: { c: '␇' },
      n: 1,
    })
  })
})

describe('answers with control characters', () => {
  const providers = () => [
    scriptedProvider({ chats: [['matrix[i][j] [bold]x[/b] \u001b]0;pwned\u0007', '\r', '\nend']] }),
  ]

  test('are shown and not obeyed on a terminal', async () => {
    const result = await outcome(['hi'], { providers: providers(), stdoutTerminal: true })
    expect(result.out).toBe('matrix[i][j] [bold]x[/b] ␛]0;pwned␇\nend\n')
    const whole = await outcome(['hi', '--no-stream'], { providers: providers(), stdoutTerminal: true })
    expect(whole.out).toBe(result.out)
  })

  test('go out untouched elsewhere', async () => {
    const result = await outcome(['hi'], { providers: providers() })
    expect(result.out).toBe('matrix[i][j] [bold]x[/b] \u001b]0;pwned\u0007\r\nend\n')
  })

  test('names and messages from servers are cleaned on standard error, always', async () => {
    const bad = scriptedProvider({
      id: 'bad',
      readiness: { ready: false, reason: 'no\u001b[2J', remedies: ['do\u0007'] },
    })
    const result = await outcome(['hi'], { providers: [bad] })
    expect(result.err).toContain('no␛[2J')
    expect(result.err.replaceAll('\n', '')).not.toMatch(OBEYED)
  })
})

describe('colour', () => {
  const terminal = { isTTY: true }
  test.each([
    ['a terminal', {}, terminal, true],
    ['a pipe', {}, {}, false],
    ['NO_COLOR', { NO_COLOR: '1' }, terminal, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, terminal, true],
    ['NO_COLOR with FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, terminal, false],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, {}, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, terminal, false],
    ['a dumb terminal', { TERM: 'dumb' }, terminal, false],
  ])('%s', (_name, env, stream, wanted) => {
    expect(wantsColour(env, stream)).toBe(wanted)
  })

  test('is only in what is painted', async () => {
    const ready = [scriptedProvider({ id: 'here' })]
    const painted = await outcome(['providers'], { providers: ready, env: { FORCE_COLOR: '1' } })
    const plain = await outcome(['providers'], {
      providers: ready,
      stdoutTerminal: true,
      env: { NO_COLOR: '1' },
    })
    expect(painted.out).toContain('\u001b[')
    expect(plain.out).not.toContain('\u001b[')
    expect(createColours(false).bad('x')).toBe('x')
  })
})

test('wrapping loses no word and keeps to the width where words allow', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '/'), minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.integer({ min: 20, max: 60 }),
      fc.integer({ min: 0, max: 6 }),
      (list, width, hang) => {
        const wrapped = wrap(list.join(' '), width, hang)
        expect(wrapped.split(/\s+/)).toEqual(list)
        for (const line of wrapped.split('\n')) expect(line.length).toBeLessThanOrEqual(width)
      },
    ),
  )
})
