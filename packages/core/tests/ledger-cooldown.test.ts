import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger, type ErrorCode } from '../src/index.js'
import {
  anyError,
  DAY,
  fail,
  failure,
  freeRules,
  ledgerWithRules,
  MINUTE,
  NOON,
  refused,
  succeed,
  target,
} from './support/ledger.js'

describe('a limit without a time', () => {
  it('never keeps a target away for more than ten minutes, however often it is met', () => {
    for (const code of ['rate-limit', 'quota'] as const) {
      const ledger = createLedger()
      let now = NOON
      for (let time = 0; time < 12; time += 1) {
        fail(ledger, target(), refused(code, 429, { scope: 'model' }), now, 0.999)
        const at = Number(ledger.nextServedAt([target()], now))
        expect(at - now).toBeGreaterThan(5_000)
        expect(at - now).toBeLessThanOrEqual(11 * MINUTE)
        now = at
      }
    }
  })

  it('keeps away for longer each time, and starts anew after a success', () => {
    const ledger = createLedger()
    const error = refused('rate-limit', 429, { scope: 'model' })
    const pause = (now: number): number => {
      fail(ledger, target(), error, now)
      return Number(ledger.nextServedAt([target()], now)) - now
    }
    expect(pause(NOON)).toBe(15_000)
    expect(pause(NOON + 15_000)).toBe(60_000)
    succeed(ledger, target(), NOON + 75_000)
    expect(pause(NOON + 75_001)).toBe(15_000)
  })

  it('is one limit when many requests meet it at once', () => {
    const ledger = createLedger()
    const claims = Array.from({ length: 30 }, () => ledger.begin(target(), NOON))
    const error = refused('rate-limit', 429, { scope: 'model' })
    claims.forEach((claim, index) => ledger.settle(claim, { result: 'failed', error }, NOON + 1 + index))
    expect(ledger.nextServedAt([target()], NOON + 30)).toBeLessThanOrEqual(NOON + 30 + 15_000)
  })

  it('may be tried when nothing else is left, unlike one whose end was told', () => {
    const ledger = createLedger()
    fail(ledger, target(), refused('rate-limit', 429, { scope: 'model' }), NOON)
    expect(ledger.standing(target(), NOON)).toMatchObject({ usable: false, why: 'limit', lastResort: true })
    fail(ledger, target(), refused('rate-limit', 429, { scope: 'model', until: NOON + 90_000 }), NOON)
    expect(ledger.standing(target(), NOON)).toMatchObject({
      usable: false,
      why: 'limit',
      code: 'rate-limit',
      until: NOON + 90_000,
      lastResort: false,
    })
  })
})

describe('a limit with a time', () => {
  it.each([300, 1_000, MINUTE, 5 * 3_600_000, 30 * DAY])('holds exactly until then (%d ms)', (ms) => {
    const ledger = createLedger()
    fail(ledger, target(), refused('rate-limit', 429, { scope: 'model', until: NOON + ms }), NOON)
    expect(ledger.nextServedAt([target()], NOON)).toBe(NOON + ms)
    expect(ledger.standing(target(), NOON + ms - 1).usable).toBe(false)
    expect(ledger.standing(target(), NOON + ms).usable).toBe(true)
  })

  it('is believed for at most 31 days', () => {
    const ledger = createLedger()
    fail(ledger, target(), refused('quota', 429, { scope: 'model', until: NOON + 4_000 * DAY }), NOON)
    expect(ledger.nextServedAt([target()], NOON)).toBe(NOON + 31 * DAY)
  })

  it('that no wait cures says nothing about other requests', () => {
    const ledger = createLedger()
    fail(ledger, target(), refused('rate-limit', 429, { scope: 'model', until: 'never' }), NOON)
    expect(ledger.standing(target(), NOON).usable).toBe(true)
  })
})

describe('what a failure keeps away from', () => {
  const others = {
    sameModel: target(),
    otherModel: target('model-2'),
    otherOrigin: target('model-3', { origin: 'eu.alpha.example:443' }),
    otherProvider: target('model-1', { provider: 'beta', origin: 'beta.example:443' }),
  }
  const standing = (
    code: ErrorCode,
    scope: 'model' | 'endpoint' | 'provider' | 'key' | 'account',
  ): boolean[] => {
    const ledger = createLedger()
    fail(ledger, target(), refused(code, 400, { scope, until: NOON + MINUTE }), NOON)
    return Object.values(others).map((other) => ledger.standing(other, NOON).usable)
  }

  it.each([
    ['model', [false, true, true, true]],
    ['endpoint', [false, false, true, true]],
    ['provider', [false, false, false, true]],
    ['key', [false, false, false, true]],
    ['account', [false, false, false, true]],
  ] as const)('is its %s', (scope, expected) => {
    expect(standing('rate-limit', scope)).toEqual(expected)
  })

  it('is looked at again soon where a person acts', () => {
    for (const [code, within] of [
      ['auth', 5.5 * MINUTE],
      ['credits', 5.5 * MINUTE],
      ['needs-setup', 33_000],
    ] as const) {
      const ledger = createLedger()
      fail(ledger, target(), refused(code, 401), NOON)
      expect(ledger.standing(target(), NOON)).toMatchObject({
        usable: false,
        why: 'cooldown',
        code,
        lastResort: true,
      })
      expect(ledger.nextServedAt([target()], NOON)).toBeLessThanOrEqual(NOON + within)
    }
  })

  it('is the free models of an account, not those that are paid for', () => {
    const ledger = ledgerWithRules()
    fail(ledger, target('a:free'), refused('rate-limit', 429, { scope: 'account' }), NOON)
    expect(ledger.standing(target('b:free'), NOON)).toMatchObject({ usable: false, why: 'limit' })
    expect(ledger.standing(target('paid'), NOON).usable).toBe(true)
  })

  it('is what is paid for, not the free models of the account', () => {
    for (const code of ['credits', 'rate-limit'] as const) {
      const ledger = ledgerWithRules()
      fail(ledger, target('paid'), refused(code, 402, { scope: 'account' }), NOON)
      expect(ledger.standing(target('paid-too'), NOON).usable).toBe(false)
      expect(ledger.standing(target('a:free'), NOON).usable).toBe(true)
    }
  })

  it('is the whole account when not even a free model is served for want of money', () => {
    const ledger = ledgerWithRules()
    fail(ledger, target('a:free'), refused('credits', 402, { scope: 'account' }), NOON)
    expect(ledger.standing(target('paid'), NOON).usable).toBe(false)
  })

  it('ends by hand', () => {
    const ledger = createLedger()
    fail(ledger, target(), refused('quota', 429, { until: NOON + DAY }), NOON)
    ledger.forget('beta', NOON)
    expect(ledger.standing(target(), NOON).usable).toBe(false)
    ledger.forget('alpha', NOON)
    expect(ledger.standing(target(), NOON).usable).toBe(true)
  })
})

it('no cooldown ever shortens, whatever happens in between', () => {
  const story = fc.array(
    fc.record({
      model: fc.constantFrom('a:free', 'b:free', 'paid'),
      waitMs: fc.integer({ min: 0, max: 5 * MINUTE }),
      error: fc.option(anyError(NOON), { nil: undefined }),
      random: fc.double({ min: 0, max: 0.999, noNaN: true }),
      remaining: fc.option(fc.nat(60), { nil: undefined }),
    }),
    { maxLength: 40 },
  )
  fc.assert(
    fc.property(story, (steps) => {
      const ledger = createLedger({ rules: freeRules })
      let now = NOON
      const ends = new Map<string, number>()
      for (const { model, waitMs, error, random, remaining } of steps) {
        now += waitMs
        if (error === undefined) succeed(ledger, target(model), now)
        else fail(ledger, target(model), error, now, random)
        if (remaining !== undefined)
          ledger.note(
            'alpha',
            model,
            { scope: 'account', unit: 'requests', rule: 'free-day', remaining, source: 'x' },
            now,
          )
        const seen = new Map(
          ledger
            .forecast(now)
            .cooldowns.map(({ area, name, until }) => [`${area} ${name ?? ''}`, until] as [string, number]),
        )
        for (const [key, until] of ends)
          if (until > now) expect(seen.get(key) ?? 0).toBeGreaterThanOrEqual(until)
        for (const [key, until] of seen) ends.set(key, until)
      }
    }),
    { numRuns: 300 },
  )
})

it('tells everything that is wrong, and when it may end', () => {
  const ledger = createLedger()
  fail(ledger, target(), refused('rate-limit', 429, { scope: 'model', until: NOON + 1_000 }), NOON)
  for (let time = 0; time < 3; time += 1) fail(ledger, target(), failure('network'), NOON)
  expect(ledger.standing(target(), NOON)).toMatchObject({
    why: 'limit',
    lastResort: false,
    until: NOON + 5_000,
  })
  expect(ledger.standing(target('model-2'), NOON)).toMatchObject({ why: 'breaker', lastResort: true })
})
