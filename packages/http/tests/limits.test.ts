import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { delayFromText, limitHint } from '../src/index.js'

const NOW = Date.UTC(2026, 10, 23, 12, 0, 0)
const DAY = 86_400_000
const MONTH = 31 * DAY

/** `until` as a distance from now, which is easier to read. */
function waitOf(headers: Record<string, string>): number | undefined {
  const until = limitHint(headers, NOW)?.until
  return until === undefined ? undefined : until - NOW
}

describe('limitHint', () => {
  test.each<readonly [string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '3' }, 3_000],
    ['no time at all', { 'retry-after': '0' }, 0],
    ['a fraction of a second', { 'retry-after': '0.25' }, 250],
    ['blanks around it', { 'retry-after': ' 7 ' }, 7_000],
    ['an HTTP date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:30 GMT' }, 30_000],
    ['an RFC 3339 date', { 'retry-after': '2026-11-23T12:00:30Z' }, 30_000],
    ['a span with units', { 'retry-after': '1m30s' }, 90_000],
    ['epoch seconds', { 'retry-after': String((NOW + 5_000) / 1_000) }, 5_000],
    ['epoch milliseconds', { 'retry-after': String(NOW + 5_000) }, 5_000],
    ['milliseconds of their own', { 'retry-after-ms': '1500' }, 1_500],
    ['milliseconds before seconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
    ['seconds where the milliseconds are no number', { 'retry-after-ms': 'soon', 'retry-after': '2' }, 2_000],
    [
      'Retry-After before a reset',
      { 'retry-after': '2', 'x-ratelimit-reset': '60', 'x-ratelimit-remaining': '0' },
      2_000,
    ],
    ['more than a month', { 'retry-after': '99999999' }, MONTH],
    ['a date far away', { 'retry-after': 'Sat, 23 Nov 2030 12:00:00 GMT' }, MONTH],
    ['a date that has passed', { 'retry-after': 'Mon, 23 Nov 2026 11:59:00 GMT' }, undefined],
    ['a negative number', { 'retry-after': '-5' }, undefined],
    ['words', { 'retry-after': 'later' }, undefined],
    ['nothing', { 'retry-after': '' }, undefined],
    ['no number', { 'retry-after': 'NaN' }, undefined],
    ['infinity', { 'retry-after': 'Infinity' }, undefined],
    ['a number beyond all numbers', { 'retry-after': '9'.repeat(400) }, MONTH],
    ['hexadecimal', { 'retry-after': '0x10' }, undefined],
    [
      'OpenRouter: epoch ms',
      { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + DAY) },
      DAY,
    ],
    [
      'GitHub style: epoch s',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1_000 + 60) },
      60_000,
    ],
    ['a reset in seconds', { 'ratelimit-remaining': '0', 'ratelimit-reset': '30' }, 30_000],
    ['Discord: reset-after', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset-after': '1.5' }, 1_500],
    ['Twitter spelling', { 'x-rate-limit-remaining': '0', 'x-rate-limit-reset': '15' }, 15_000],
    [
      'Anthropic: dates',
      {
        'anthropic-ratelimit-requests-remaining': '0',
        'anthropic-ratelimit-requests-reset': '2026-11-23T12:00:10Z',
      },
      10_000,
    ],
    ['the draft as a list', { ratelimit: 'limit=100, remaining=0, reset=40' }, 40_000],
    ['the draft as an item (Hugging Face)', { ratelimit: '"api";r=0;t=55' }, 55_000],
    ['the draft with several policies', { ratelimit: '"burst";r=9;t=1, "daily";r=0;t=3600' }, 3_600_000],
    ['a past reset', { 'x-ratelimit-reset': '1' + '0'.repeat(9) }, undefined],
  ])('understands %s', (_name, headers, expected) => {
    expect(waitOf(headers)).toBe(expected)
  })

  test('takes the window that is used up, not the one that merely ends later (OpenAI, Groq)', () => {
    const headers = {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    }
    expect(limitHint(headers, NOW)).toEqual({
      until: NOW + 1_000,
      limit: 60,
      remaining: 0,
      source: 'x-ratelimit-reset-requests',
    })
  })

  test('of two windows used up the later one counts', () => {
    const headers = {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '20ms',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '7.66s',
    }
    expect(waitOf(headers)).toBe(7_660)
  })

  test('tells limit and what is left, also beside Retry-After', () => {
    expect(
      limitHint({ 'retry-after': '2', 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0' }, NOW),
    ).toEqual({
      until: NOW + 2_000,
      limit: 20,
      remaining: 0,
      source: 'retry-after',
    })
    expect(limitHint({ 'ratelimit-limit': '100, 100;w=60', 'ratelimit-remaining': '42' }, NOW)).toEqual({
      limit: 100,
      remaining: 42,
      source: 'ratelimit-limit',
    })
  })

  test('says nothing where the headers say nothing', () => {
    expect(limitHint({}, NOW)).toBeUndefined()
    expect(
      limitHint({ 'content-type': 'text/plain', 'x-ratelimit-reset': 'never', 'ratelimit-limit': '-1' }, NOW),
    ).toBeUndefined()
  })

  test('a moment is read by the clock of the server where ours is off', () => {
    const headers = { date: 'Mon, 23 Nov 2026 11:00:00 GMT', 'retry-after': 'Mon, 23 Nov 2026 11:00:20 GMT' }
    expect(waitOf(headers)).toBe(20_000)
    expect(waitOf({ date: 'Mon, 23 Nov 2026 11:00:00 GMT', 'retry-after': '20' })).toBe(20_000)
  })

  const headerNames = [
    'retry-after',
    'retry-after-ms',
    'x-ratelimit-reset',
    'x-ratelimit-limit',
    'x-ratelimit-remaining',
    'ratelimit',
    'ratelimit-reset',
    'x-ratelimit-reset-tokens',
    'anthropic-ratelimit-tokens-reset',
    'date',
  ] as const
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.double().map(String),
    fc.bigInt().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    fc.constantFrom('1s', '6m0s', '"a";r=0;t=9', 'limit=1, reset=2', ';;;', '"', 't=', '1e9', '+5'),
  )

  test('whatever the headers hold, the hint stays within bounds and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...headerNames), value), (headers) => {
        const hint = limitHint(headers, NOW)
        if (hint === undefined) return
        expect(headers).toHaveProperty([hint.source])
        if (hint.until !== undefined) {
          expect(hint.until).toBeGreaterThanOrEqual(NOW)
          expect(hint.until).toBeLessThanOrEqual(NOW + MONTH)
        }
        for (const count of [hint.limit, hint.remaining]) {
          if (count !== undefined) expect(count).toBeGreaterThanOrEqual(0)
        }
      }),
      { numRuns: 2_000 },
    )
  })

  test('a span in any unit and a moment in any unit mean the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 86_400 }), (seconds) => {
        const spellings = [
          { 'retry-after': String(seconds) },
          { 'retry-after': `${seconds}s` },
          { 'retry-after-ms': String(seconds * 1_000) },
          { 'retry-after': String(NOW / 1_000 + seconds) },
          { 'retry-after': String(NOW + seconds * 1_000) },
          { 'retry-after': new Date(NOW + seconds * 1_000).toUTCString() },
          { 'retry-after': new Date(NOW + seconds * 1_000).toISOString() },
        ]
        for (const headers of spellings) expect(waitOf(headers)).toBe(seconds * 1_000)
      }),
    )
  })
})

describe('delayFromText', () => {
  test.each<readonly [string, number | undefined]>([
    ['Rate limit reached. Please try again in 20s. Visit …', 20_000],
    ['Please try again in 7m12s.', 432_000],
    ['Please try again in 577ms.', 577],
    ['Please retry in 24.5s.', 24_500],
    ['All providers for X are at capacity. Retry after 40 seconds.', 40_000],
    ['Try again in 1 hour 5 minutes', 3_900_000],
    ['try again in 900 days', MONTH],
    ['server busy, please try again later', undefined],
    ['try again in a moment', undefined],
    ['', undefined],
  ])('reads "%s"', (text, expected) => {
    expect(delayFromText(text)).toBe(expected)
  })

  test('never leaves its bounds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (tail, amount) => {
        const delay = delayFromText(`retry in ${amount}s${tail}`)
        if (delay !== undefined) expect(delay).toBeLessThanOrEqual(MONTH)
      }),
    )
  })
})
