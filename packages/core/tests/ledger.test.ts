import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../src/index.js'
import {
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
import { play, stories } from './support/ledger-story.js'

describe('how a target did', () => {
  it('is not held against it when nothing is known', () => {
    expect(createLedger().performance(target(), NOON)).toEqual({ successRate: 1, samples: 0 })
  })

  it('is told by its latencies, apart from the loading of the model', () => {
    const ledger = createLedger()
    for (let index = 1; index <= 20; index += 1) {
      const claim = ledger.begin(target(), NOON)
      const loadMs = index === 1 ? 30_000 : 0
      ledger.settle(
        claim,
        {
          result: 'answered',
          firstTokenMs: 100 * index + loadMs,
          durationMs: 100 * index + loadMs + 990,
          outputTokens: 100,
          loadMs,
        },
        NOON + 20,
      )
    }
    expect(ledger.performance(target(), NOON + 100)).toEqual({
      firstTokenMs: { p50: 1_000, p95: 1_900 },
      msPerToken: 10,
      loadMs: { p50: 30_000, p95: 30_000 },
      successRate: 1,
      samples: 20,
      lastSuccessAt: NOON + 20,
    })
  })

  it('weighs what was lately more than what was long ago', () => {
    const ledger = createLedger()
    const answer = (ms: number, now: number): void =>
      ledger.settle(
        ledger.begin(target(), now),
        { result: 'answered', firstTokenMs: ms, durationMs: ms },
        now,
      )
    for (let index = 0; index < 10; index += 1) answer(100, NOON)
    for (let index = 0; index < 4; index += 1) answer(900, NOON + 3 * 60 * MINUTE)
    expect(ledger.performance(target(), NOON + 3 * 60 * MINUTE).firstTokenMs?.p50).toBe(900)
  })

  it('is told by its successes, and forgives in time', () => {
    const ledger = createLedger()
    succeed(ledger, target(), NOON)
    for (let time = 0; time < 4; time += 1) fail(ledger, target(), failure('truncated'), NOON)
    const { successRate } = ledger.performance(target(), NOON)
    expect(successRate).toBeLessThan(0.5)
    expect(ledger.performance(target(), NOON + 30 * MINUTE).successRate).toBeGreaterThan(successRate)
    expect(ledger.performance(target(), NOON + DAY).successRate).toBeGreaterThan(0.99)
  })

  it('does not suffer from limits, faults of callers, leaving and lost races', () => {
    const ledger = createLedger()
    for (const error of [
      refused('rate-limit', 429),
      refused('bad-request', 400),
      failure('aborted'),
      refused('auth', 401),
    ])
      fail(ledger, target(), error, NOON)
    ledger.settle(ledger.begin(target(), NOON), { result: 'aborted', firstTokenMs: 5 }, NOON)
    ledger.settle(ledger.begin(target(), NOON), { result: 'discarded' }, NOON)
    expect(ledger.performance(target(), NOON)).toEqual({ successRate: 1, samples: 0 })
  })
})

describe('when the next request will be served', () => {
  it('is now when one can be, the earliest moment otherwise, unknown without targets', () => {
    const ledger = ledgerWithRules()
    const day = { until: NOON + DAY, scope: 'model' } as const
    fail(ledger, target('paid'), refused('quota', 429, day), NOON)
    for (let time = 0; time < 20; time += 1) succeed(ledger, target('a:free'), NOON)
    expect(ledger.nextServedAt([target('paid'), target('other')], NOON)).toBe(NOON)
    expect(ledger.nextServedAt([target('paid'), target('a:free')], NOON)).toBe(NOON + MINUTE + 1_000)
    expect(ledger.nextServedAt([target('paid')], NOON)).toBe(NOON + DAY)
    expect(ledger.nextServedAt([], NOON)).toBeUndefined()
  })

  it('is never for an allowance of nothing', () => {
    const ledger = createLedger({
      rules: () => [
        {
          id: 'none',
          scope: 'model',
          unit: 'requests',
          amount: 0,
          window: { kind: 'utc-day' },
          countsFailures: true,
          source: 'test',
        },
      ],
    })
    expect(ledger.nextServedAt([target()], NOON)).toBe('never')
  })

  it('is the moment at which every obstacle is gone', () => {
    fc.assert(
      fc.property(stories(4), (story) => {
        const ledger = createLedger({ rules: freeRules })
        const now = play(ledger, story)
        for (const provider of ['p0', 'p1', 'p2']) {
          const to = target('m0:free', { provider, origin: `${provider}.example:443` })
          const at = ledger.nextServedAt([to], now)
          if (typeof at === 'number') expect(ledger.standing(to, at).usable).toBe(true)
        }
      }),
      { numRuns: 300 },
    )
  })
})

it('is a function of what it was told: equal stories, equal ledgers', () => {
  fc.assert(
    fc.property(stories(5), (story) => {
      const [one, other] = [createLedger({ rules: freeRules }), createLedger({ rules: freeRules })]
      const now = play(one, story)
      play(other, story)
      expect(one.state()).toEqual(other.state())
      expect(one.forecast(now)).toEqual(other.forecast(now))
    }),
  )
})

it('does not change by being asked', () => {
  fc.assert(
    fc.property(stories(5), fc.nat(DAY), (story, later) => {
      const ledger = createLedger({ rules: freeRules })
      const now = play(ledger, story)
      const before = structuredClone(ledger.state())
      const to = target('m1', { provider: 'p1', origin: 'p1.example:443' })
      ledger.standing(to, now + later)
      ledger.forecast(now + later, [to])
      ledger.nextServedAt([to], now + later)
      ledger.performance(to, now + later)
      expect(ledger.state()).toEqual(before)
    }),
  )
})

describe('memory', () => {
  const sizes = (ledger: Ledger): number[] => {
    const { cooldowns, breakers, allowances, targets } = ledger.state()
    return [cooldowns.length, breakers.length, allowances.length, targets.length]
  }

  it('is bounded, however many targets there are and however long their names', () => {
    fc.assert(
      fc.property(stories(300, 400), (story) => {
        const ledger = createLedger({ rules: freeRules, maxTargets: 16 })
        play(ledger, story)
        expect(sizes(ledger).every((size) => size <= 32)).toBe(true)
      }),
      { numRuns: 50 },
    )
    const ledger = createLedger()
    for (let index = 0; index < 2_000; index += 1) {
      const long = `${'x'.repeat(10_000)}${index}`
      fail(ledger, target(long), refused('rate-limit', 429), NOON + index)
      fail(ledger, target(long), failure('truncated'), NOON + index)
      ledger.note(
        'alpha',
        long,
        { scope: 'model', unit: 'requests', remaining: 3, source: 'test' },
        NOON + index,
      )
    }
    expect(JSON.stringify(ledger.state()).length).toBeLessThan(2_000_000)
  })

  it('is bounded for one target, however much it is used', () => {
    const ledger = ledgerWithRules()
    for (let index = 0; index < 5_000; index += 1) succeed(ledger, target('a:free'), NOON + index * 200)
    expect(JSON.stringify(ledger.state()).length).toBeLessThan(30_000)
  })

  it('is bounded for claims that nobody settles', () => {
    const ledger = createLedger()
    const first = ledger.begin(target(), NOON)
    for (let index = 0; index < 20_000; index += 1) ledger.begin(target(), NOON + 1)
    // It was given up, so that settling it does nothing.
    ledger.settle(first, { result: 'answered' }, NOON + 2)
    expect(ledger.performance(target(), NOON + 2).samples).toBe(0)
  })

  it('gives up what does not matter any more before what does', () => {
    const ledger = createLedger({ maxTargets: 16 })
    fail(ledger, target('precious'), refused('quota', 429, { scope: 'model', until: NOON + DAY }), NOON)
    ledger.note(
      'alpha',
      'precious',
      { scope: 'model', unit: 'requests', remaining: 0, until: NOON + 9 * MINUTE, source: 'test' },
      NOON,
    )
    for (let index = 0; index < 200; index += 1) {
      const now = NOON + index * 1_000
      fail(ledger, target(`m${index}`), refused('rate-limit', 429, { scope: 'model', until: now + 500 }), now)
      ledger.note(
        'alpha',
        `m${index}`,
        { scope: 'model', unit: 'requests', remaining: 0, until: now + 500, source: 'test' },
        now,
      )
    }
    const { cooldowns, allowances } = ledger.forecast(NOON + 200_000)
    expect(cooldowns.map(({ name }) => name)).toContain('precious')
    expect(allowances.map(({ model }) => model)).toContain('precious')
  })
})

it('holds nothing of a request or an answer', () => {
  const ledger = createLedger()
  const secret = 'canary-4711'
  fail(
    ledger,
    target(),
    refused('rate-limit', 429, { message: secret, hint: secret, upstream: { status: 429, body: secret } }),
    NOON,
  )
  for (let time = 0; time < 3; time += 1)
    fail(
      ledger,
      target(),
      failure('truncated', { message: secret, partial: { text: secret, reasoning: secret, toolCalls: [] } }),
      NOON,
    )
  expect(
    JSON.stringify([ledger.state(), ledger.forecast(NOON), ledger.standing(target(), NOON)]),
  ).not.toContain(secret)
})
