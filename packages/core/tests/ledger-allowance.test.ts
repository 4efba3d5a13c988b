import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, createLedger, type Ledger, type LimitRule } from '../src/index.js'
import {
  DAY,
  fail,
  failure,
  FREE_DAY,
  FREE_MINUTE,
  ledgerWithRules,
  MINUTE,
  NOON,
  refused,
  succeed,
  target,
} from './support/ledger.js'

const MIDNIGHT = NOON + DAY / 2
const free = target('a:free')

function remaining(ledger: Ledger, rule: string, now: number): number | undefined {
  return ledger.forecast(now, [free]).allowances.find((one) => one.rule === rule)?.remaining
}

describe('a declared allowance', () => {
  it('is whole before anything was sent', () => {
    const { allowances } = ledgerWithRules().forecast(NOON, [free, target('b:free')])
    expect(allowances).toEqual([
      expect.objectContaining({
        rule: 'free-minute',
        limit: 20,
        remaining: 20,
        nextFreeAt: NOON,
        reported: false,
      }),
      expect.objectContaining({
        rule: 'free-day',
        limit: 50,
        remaining: 50,
        renewsAt: MIDNIGHT,
        nextFreeAt: NOON,
      }),
    ])
  })

  it('is counted when a request is begun, so that a burst cannot overshoot', () => {
    const ledger = ledgerWithRules()
    let sent = 0
    while (ledger.standing(target(`${sent % 5}:free`), NOON).usable) {
      ledger.begin(target(`${sent % 5}:free`), NOON)
      sent += 1
    }
    expect(sent).toBe(20)
    expect(ledger.standing(free, NOON)).toMatchObject({ why: 'limit', code: 'rate-limit', lastResort: false })
    expect(ledger.standing(target('paid'), NOON).usable).toBe(true)
  })

  it('frees a request when the one a window ago leaves it', () => {
    const ledger = ledgerWithRules()
    for (let time = 0; time < 20; time += 1) succeed(ledger, free, NOON + time * 1_000)
    const now = NOON + 20_000
    const at = Number(ledger.nextServedAt([free], now))
    expect(at).toBeGreaterThanOrEqual(NOON + MINUTE)
    expect(at).toBeLessThanOrEqual(NOON + MINUTE + 1_000)
    expect(ledger.standing(free, at - 1).usable).toBe(false)
    expect(ledger.standing(free, at).usable).toBe(true)
    succeed(ledger, free, at)
    expect(ledger.standing(free, at).usable).toBe(false)
  })

  it('of a day is renewed at midnight UTC, a little later to be sure', () => {
    const ledger = ledgerWithRules()
    for (let time = 0; time < 50; time += 1) succeed(ledger, free, NOON + time * MINUTE)
    const now = NOON + 50 * MINUTE
    expect(ledger.standing(free, now)).toMatchObject({ why: 'limit', code: 'quota' })
    const at = Number(ledger.nextServedAt([free], now))
    expect(at).toBeGreaterThan(MIDNIGHT)
    expect(at).toBeLessThanOrEqual(MIDNIGHT + 10_000)
    expect(remaining(ledger, 'free-day', at)).toBe(50)
  })

  it('counts a request just before midnight in both days, for nobody knows when it arrives', () => {
    const ledger = ledgerWithRules()
    succeed(ledger, free, MIDNIGHT - 1_000)
    expect(remaining(ledger, 'free-day', MIDNIGHT + MINUTE)).toBe(49)
  })

  it('of a month is renewed with the month', () => {
    const rule: LimitRule = { ...FREE_DAY, id: 'month', amount: 1, window: { kind: 'utc-month' } }
    const ledger = createLedger({ rules: () => [rule] })
    succeed(ledger, free, NOON)
    const first = Date.UTC(2026, 11, 1)
    expect(ledger.nextServedAt([free], NOON)).toBeGreaterThanOrEqual(first)
    expect(ledger.nextServedAt([free], NOON)).toBeLessThanOrEqual(first + 10_000)
  })

  it('does not count what never reached the server', () => {
    const ledger = ledgerWithRules()
    for (const error of [
      failure('network'),
      failure('timeout', { phase: 'connect' }),
      failure('bad-request'),
    ])
      fail(ledger, free, error, NOON)
    ledger.settle(ledger.begin(free, NOON), { result: 'unsent' }, NOON)
    expect(remaining(ledger, 'free-day', NOON)).toBe(50)
  })

  it('counts failures, leaving and lost races where the rule says so', () => {
    const ledger = ledgerWithRules()
    fail(ledger, free, refused('unavailable', 503), NOON)
    fail(ledger, free, failure('network', { next: 'here' }), NOON)
    ledger.settle(ledger.begin(free, NOON), { result: 'aborted' }, NOON)
    ledger.settle(ledger.begin(free, NOON), { result: 'discarded' }, NOON)
    expect(remaining(ledger, 'free-day', NOON)).toBe(46)
    const kind = createLedger({ rules: () => [{ ...FREE_DAY, countsFailures: false }] })
    fail(kind, free, refused('unavailable', 503), NOON)
    expect(remaining(kind, 'free-day', NOON)).toBe(50)
  })

  it('is settled once', () => {
    const ledger = createLedger({ rules: () => [{ ...FREE_DAY, countsFailures: false }] })
    const claim = ledger.begin(free, NOON)
    for (let time = 0; time < 3; time += 1)
      ledger.settle(claim, { result: 'failed', error: refused('unavailable', 503) }, NOON)
    expect(remaining(ledger, 'free-day', NOON)).toBe(50)
  })

  it('of tokens reserves what is expected, and counts what was used', () => {
    const rule: LimitRule = { ...FREE_MINUTE, id: 'tokens', unit: 'tokens', amount: 1_000 }
    const ledger = createLedger({ rules: () => [rule] })
    const claim = ledger.begin(free, NOON, 900)
    expect(ledger.standing(free, NOON, 200).usable).toBe(false)
    ledger.settle(claim, { result: 'answered', inputTokens: 100, outputTokens: 50 }, NOON + 100)
    expect(remaining(ledger, 'tokens', NOON + 100)).toBe(850)
    expect(ledger.standing(free, NOON + 100, 200).usable).toBe(true)
    expect(ledger.standing(free, NOON + 100, 5_000)).toMatchObject({ usable: false, until: 'never' })
  })
})

describe('what a back end says', () => {
  const day = { rule: 'free-day', scope: 'account', unit: 'requests', source: 'test' } as const

  it('corrects our count upwards: somebody else uses the account too', () => {
    const ledger = ledgerWithRules()
    succeed(ledger, free, NOON)
    ledger.note('alpha', 'a:free', { ...day, limit: 50, remaining: 7 }, NOON + 10)
    expect(remaining(ledger, 'free-day', NOON + 10)).toBe(7)
    succeed(ledger, free, NOON + 20)
    expect(remaining(ledger, 'free-day', NOON + 20)).toBe(6)
  })

  it('corrects it downwards, and raises the limit', () => {
    const ledger = ledgerWithRules()
    for (let time = 0; time < 50; time += 1) succeed(ledger, free, NOON + time * MINUTE)
    const now = NOON + 60 * MINUTE
    expect(ledger.standing(free, now).usable).toBe(false)
    ledger.note('alpha', 'a:free', { ...day, limit: 1_000, remaining: 950 }, now)
    expect(ledger.standing(free, now).usable).toBe(true)
    expect(remaining(ledger, 'free-day', now)).toBe(950)
    // The size stays known on the next day.
    expect(remaining(ledger, 'free-day', now + DAY)).toBe(1_000)
  })

  it('when asked, of no request in particular, is placed by a model the report names', () => {
    const ledger = ledgerWithRules()
    ledger.note('alpha', '', { ...day, model: 'any:free', limit: 50, remaining: 0 }, NOON)
    expect(ledger.standing(free, NOON).usable).toBe(false)
    expect(ledger.standing(target('paid'), NOON).usable).toBe(true)
  })

  it('that is old corrects nothing that happened since', () => {
    const ledger = ledgerWithRules()
    for (let time = 0; time < 10; time += 1) succeed(ledger, free, NOON + time)
    ledger.note('alpha', 'a:free', { ...day, limit: 50, remaining: 50, maxAgeMs: MINUTE }, NOON + 1_000)
    expect(remaining(ledger, 'free-day', NOON + 1_000)).toBe(40)
  })

  it('with the claim it came with is placed exactly, whatever is under way', () => {
    const ledger = ledgerWithRules()
    const first = ledger.begin(free, NOON)
    const second = ledger.begin(free, NOON + 10)
    ledger.note('alpha', 'a:free', { ...day, limit: 50, remaining: 49 }, NOON + 100, first)
    expect(remaining(ledger, 'free-day', NOON + 100)).toBe(48)
    ledger.note('alpha', 'a:free', { ...day, limit: 50, remaining: 48 }, NOON + 110, second)
    ledger.settle(first, { result: 'answered' }, NOON + 200)
    ledger.settle(second, { result: 'answered' }, NOON + 200)
    expect(remaining(ledger, 'free-day', NOON + 200)).toBe(48)
  })

  it('by a refusal with a time holds for all models of the rule until then, and can be corrected', () => {
    const ledger = ledgerWithRules()
    fail(ledger, free, refused('quota', 429, { scope: 'account', until: MIDNIGHT }), NOON)
    expect(ledger.standing(target('b:free'), NOON + MINUTE)).toMatchObject({
      why: 'limit',
      code: 'quota',
      lastResort: false,
    })
    expect(ledger.nextServedAt([free], NOON)).toBeGreaterThanOrEqual(MIDNIGHT)
    ledger.note('alpha', 'a:free', { ...day, limit: 1_000, remaining: 900 }, NOON + 2 * MINUTE)
    expect(ledger.standing(target('b:free'), NOON + 2 * MINUTE).usable).toBe(true)
  })

  it('by a refusal of a minute holds for a minute, not for a day', () => {
    const ledger = ledgerWithRules()
    fail(ledger, free, refused('rate-limit', 429, { scope: 'account', until: NOON + 40_000 }), NOON)
    const at = Number(ledger.nextServedAt([target('b:free')], NOON))
    expect(at).toBeGreaterThanOrEqual(NOON + 40_000)
    expect(at).toBeLessThanOrEqual(NOON + 42_000)
  })

  it('that is nonsense is not believed', () => {
    fc.assert(
      fc.property(
        fc.record({
          limit: fc.constantFrom(Number.NaN, -1, Infinity, 1e300, undefined),
          remaining: fc.constantFrom(Number.NaN, -5, Infinity, undefined),
          until: fc.constantFrom(Number.NaN, -1, Infinity, 0, undefined),
        }),
        ({ limit, remaining: left, until }) => {
          const ledger = ledgerWithRules()
          ledger.note(
            'alpha',
            'a:free',
            {
              ...day,
              ...(limit !== undefined && { limit }),
              ...(left !== undefined && { remaining: left }),
              ...(until !== undefined && { until }),
            },
            NOON,
          )
          expect(remaining(ledger, 'free-day', NOON)).toBe(50)
        },
      ),
    )
  })
})

describe('an allowance nobody declared', () => {
  const report = { scope: 'model', unit: 'requests', source: 'x-ratelimit-remaining-requests' } as const

  it('keeps away while nothing is left, from that model alone', () => {
    const ledger = createLedger()
    ledger.note('alpha', 'model-1', { ...report, limit: 30, remaining: 0, until: NOON + 7_000 }, NOON)
    expect(ledger.standing(target(), NOON)).toMatchObject({ why: 'limit', until: NOON + 7_000 })
    expect(ledger.standing(target('model-2'), NOON).usable).toBe(true)
    expect(ledger.standing(target(), NOON + 7_000).usable).toBe(true)
  })

  it('is counted down between two reports', () => {
    const ledger = createLedger()
    ledger.note('alpha', 'model-1', { ...report, remaining: 2, until: NOON + MINUTE }, NOON)
    succeed(ledger, target(), NOON + 1)
    expect(ledger.standing(target(), NOON + 2).usable).toBe(true)
    succeed(ledger, target(), NOON + 3)
    expect(ledger.standing(target(), NOON + 4).usable).toBe(false)
  })

  it('is tried again after ten minutes whatever its end: a whole refill is not the next request', () => {
    const ledger = createLedger()
    ledger.note('alpha', 'model-1', { ...report, limit: 1_000, remaining: 0, until: NOON + DAY }, NOON)
    expect(ledger.nextServedAt([target()], NOON)).toBe(NOON + 10 * MINUTE)
  })

  it('in money is shown and keeps nobody away', () => {
    const ledger = createLedger()
    ledger.note(
      'alpha',
      'model-1',
      { scope: 'key', unit: 'usd', limit: 5, remaining: 0, source: '/key' },
      NOON,
    )
    expect(ledger.standing(target(), NOON).usable).toBe(true)
    expect(ledger.forecast(NOON).allowances).toMatchObject([{ unit: 'usd', limit: 5, remaining: 0 }])
  })
})

describe('a report in another unit than the rule it names', () => {
  const tokens = { rule: 'free-day', scope: 'account', unit: 'tokens', source: 'story' } as const

  it('does not make the rule count tokens, when a model that does not fall under it brought it', () => {
    const ledger = ledgerWithRules()
    const claim = ledger.begin(target(), NOON)
    ledger.note('alpha', 'model-1', tokens, NOON, claim)
    succeed(ledger, free, NOON)
    const { allowances } = ledger.forecast(NOON, [free])
    expect(allowances.find((one) => one.rule === 'free-day')).toMatchObject({
      unit: 'requests',
      remaining: 49,
    })
  })

  it('is not taken for requests, when a model that falls under it brought it', () => {
    const ledger = ledgerWithRules()
    ledger.note('alpha', 'a:free', { ...tokens, limit: 100_000, remaining: 0, until: NOON + MINUTE }, NOON)
    expect(remaining(ledger, 'free-day', NOON)).toBe(50)
    expect(ledger.forecast(NOON).allowances).toContainEqual(
      expect.objectContaining({ unit: 'tokens', limit: 100_000, remaining: 0 }),
    )
    expect(ledger.standing(free, NOON)).toMatchObject({ why: 'limit', until: NOON + MINUTE })
  })
})

it('two undeclared allowances of one name in two units are two', () => {
  const ledger = createLedger()
  const named = { rule: 'minute', scope: 'model', source: 'x-ratelimit', until: NOON + MINUTE } as const
  ledger.note('alpha', 'model-1', { ...named, unit: 'requests', limit: 30, remaining: 0 }, NOON)
  ledger.note('alpha', 'model-1', { ...named, unit: 'tokens', limit: 6_000, remaining: 6_000 }, NOON)
  expect(ledger.standing(target(), NOON)).toMatchObject({ why: 'limit', until: NOON + MINUTE })
})

it('a rolling allowance is never exceeded, in any window', () => {
  const rule: LimitRule = { ...FREE_MINUTE, amount: 5, window: { kind: 'rolling', ms: 10_000 } }
  const steps = fc.array(fc.record({ waitMs: fc.integer({ min: 0, max: 4_000 }), settle: fc.boolean() }), {
    maxLength: 120,
  })
  fc.assert(
    fc.property(steps, (story) => {
      const ledger = createLedger({ rules: () => [rule] })
      const sent: number[] = []
      const open: Claim[] = []
      let now = NOON
      for (const { waitMs, settle } of story) {
        now += waitMs
        if (ledger.standing(target(), now).usable) {
          open.push(ledger.begin(target(), now))
          sent.push(now)
        }
        const claim = settle ? open.shift() : undefined
        if (claim !== undefined) ledger.settle(claim, { result: 'answered' }, now)
        expect(sent.filter((at) => at > now - 10_000).length).toBeLessThanOrEqual(5)
      }
    }),
  )
})
