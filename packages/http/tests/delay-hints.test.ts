import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { delayFromText, delayInBody, limitHint } from '../src/index.js'

/** One hint as upstreams give it: in headers, in words or in a member of the body. */
interface DelayCase {
  readonly id: string
  readonly source: string
  readonly headers?: Readonly<Record<string, string>>
  readonly text?: string
  readonly body?: unknown
  /** ms from `now`; null: the hint says nothing that can be believed. */
  readonly waitMs: number | null
}

const { now, cases } = JSON.parse(
  readFileSync(new URL('corpus/delay-hints.json', import.meta.url), 'utf8'),
) as { readonly now: string; readonly cases: readonly DelayCase[] }
const NOW = Date.parse(now)
const MONTH = 31 * 86_400_000
const TOLERANCE_MS = 50

function readWait({ headers, text, body }: DelayCase): number | null {
  if (text !== undefined) return delayFromText(text) ?? null
  if (body !== undefined) return delayInBody(body) ?? null
  const until = limitHint(headers ?? {}, NOW)?.until
  return until === undefined ? null : until - NOW
}

describe('every delay hint of the corpus', () => {
  test.each(cases.map((one) => [one.id, one] as const))('%s', (_id, one) => {
    const wait = readWait(one)
    if (one.waitMs === null || wait === null) expect(wait).toBe(one.waitMs)
    else expect(Math.abs(wait - one.waitMs)).toBeLessThanOrEqual(TOLERANCE_MS)
  })

  test('also where clocks show another time than GMT', () => {
    const dated = cases.filter(({ headers }) => /\d\d:\d\d:\d\d/.test(JSON.stringify(headers ?? {})))
    const zone = process.env['TZ']
    try {
      process.env['TZ'] = 'America/New_York'
      expect(new Date(NOW).getHours()).toBe(7)
      for (const one of dated) expect(readWait(one), one.id).toBe(one.waitMs)
    } finally {
      if (zone === undefined) delete process.env['TZ']
      else process.env['TZ'] = zone
    }
  })

  test('there are at least 60, each with a name of its own and a source', () => {
    expect(cases.length).toBeGreaterThanOrEqual(60)
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
    for (const { source } of cases) expect(source.trim()).not.toBe('')
  })
})

describe('delays in the body', () => {
  test('whatever the body holds, the delay stays within bounds and nothing is thrown', () => {
    const member = fc.oneof(fc.jsonValue(), fc.double(), fc.string(), fc.constantFrom('1s', '9h', '1e9'))
    const names = fc.constantFrom(
      'retryDelay',
      'retry_after',
      'retryAfterMs',
      'error',
      'details',
      '__proto__',
    )
    fc.assert(
      fc.property(fc.dictionary(names, member), (body) => {
        const delay = delayInBody({ error: [body] })
        if (delay === undefined) return
        expect(delay).toBeGreaterThanOrEqual(0)
        expect(delay).toBeLessThanOrEqual(MONTH)
      }),
      { numRuns: 2_000 },
    )
  })

  test('a body of the largest size is read quickly', () => {
    const wide = { error: Array.from({ length: 50_000 }, () => ({ a: { b: [1] } })) }
    let deep: unknown = { retry_after: 1 }
    for (let depth = 0; depth < 5_000; depth++) deep = { deep }
    const startedAt = performance.now()
    expect(delayInBody(wide)).toBeUndefined()
    expect(delayInBody(deep)).toBeUndefined()
    expect(performance.now() - startedAt).toBeLessThan(100)
  })

  test('what stands nearer to the top counts', () => {
    expect(delayInBody({ details: [{ retryDelay: '9s' }], retry_after: 2 })).toBe(2_000)
  })
})

test('words of any length are read quickly', () => {
  for (const unit of ['try again in 9m', 'wait 1 hour ', 'retry after ', '9'.repeat(50), '1h2m']) {
    const startedAt = performance.now()
    delayFromText(unit.repeat(Math.floor(65_536 / unit.length)))
    expect(performance.now() - startedAt).toBeLessThan(100)
  }
})
