import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, createLedger, type Ledger } from '../src/index.js'
import { fail, failure, MINUTE, NOON, refused, succeed, target } from './support/ledger.js'

const broken = refused('unavailable', 503)

function openedAt(now: number, random = 0.5): Ledger {
  const ledger = createLedger()
  for (let time = 0; time < 3; time += 1) fail(ledger, target(), broken, now, random)
  return ledger
}

describe('a target that fails again and again', () => {
  it('is used after one hiccup, and left alone after three in a row', () => {
    const ledger = createLedger()
    fail(ledger, target(), broken, NOON)
    fail(ledger, target(), broken, NOON)
    expect(ledger.standing(target(), NOON)).toEqual({ usable: true, halfOpen: false })
    fail(ledger, target(), broken, NOON)
    expect(ledger.standing(target(), NOON)).toMatchObject({
      usable: false,
      why: 'breaker',
      code: 'unavailable',
      lastResort: true,
    })
  })

  it('is not left alone when a success came in between', () => {
    const ledger = createLedger()
    for (let time = 0; time < 9; time += 1) {
      fail(ledger, target(), broken, NOON + time)
      fail(ledger, target(), broken, NOON + time)
      succeed(ledger, target(), NOON + time)
    }
    expect(ledger.standing(target(), NOON + 10).usable).toBe(true)
  })

  it('is not left alone for failures that lie far apart', () => {
    const ledger = createLedger()
    for (let time = 0; time < 9; time += 1) fail(ledger, target(), broken, NOON + time * 11 * MINUTE)
    expect(ledger.standing(target(), NOON + 100 * MINUTE).usable).toBe(true)
  })

  it.each([
    ['truncated', failure('truncated')],
    ['bad-response', failure('bad-response')],
    ['first token', failure('timeout', { phase: 'first-token' })],
    ['idle', failure('timeout', { phase: 'idle' })],
  ])('is also one whose answers are broken (%s)', (_name, error) => {
    const ledger = createLedger()
    for (let time = 0; time < 3; time += 1) fail(ledger, target(), error, NOON)
    expect(ledger.standing(target(), NOON).usable).toBe(false)
    expect(ledger.standing(target('model-2'), NOON).usable).toBe(true)
  })

  it.each([
    ['a load', failure('loading')],
    ['a filter', refused('content-filter', 403)],
    ['a long prompt', refused('context-too-long', 400)],
    ['a feature it lacks', refused('unsupported', 400)],
    ["the model's own output", failure('model-fault')],
    ["the caller's leaving", failure('aborted')],
    ["the caller's deadline", failure('timeout', { phase: 'total' })],
    ['a malformed request', refused('bad-request', 400)],
  ])('is none for %s', (_name, error) => {
    const ledger = createLedger()
    for (let time = 0; time < 20; time += 1) fail(ledger, target(), error, NOON)
    expect(ledger.standing(target(), NOON)).toEqual({ usable: true, halfOpen: false })
  })

  it('takes its whole origin along when it cannot even be reached', () => {
    const ledger = createLedger()
    for (const error of [failure('network'), failure('timeout', { phase: 'connect' }), failure('network')])
      fail(ledger, target(), error, NOON)
    expect(ledger.standing(target('model-2'), NOON)).toMatchObject({ usable: false, why: 'breaker' })
    expect(ledger.standing(target('model-2', { origin: 'beta.example:443' }), NOON).usable).toBe(true)
  })

  it('leaves everybody alone when the fault is the network of this machine, but what runs on it', () => {
    const ledger = createLedger()
    fail(ledger, target(), failure('network', { scope: 'machine' }), NOON)
    const elsewhere = target('other', { provider: 'beta', origin: 'beta.example:443' })
    expect(ledger.standing(elsewhere, NOON)).toMatchObject({
      usable: false,
      why: 'cooldown',
      lastResort: true,
    })
    expect(ledger.standing({ ...elsewhere, locality: 'local' }, NOON).usable).toBe(true)
    expect(ledger.nextServedAt([elsewhere], NOON)).toBeLessThanOrEqual(NOON + 10_000)
  })
})

describe('coming back', () => {
  it('begins within 10 s, and is within 30 s however long it was ill', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: Math.fround(0.999), noNaN: true }), { maxLength: 20 }),
        (chances) => {
          let now = NOON
          const ledger = openedAt(now, chances[0])
          expect(ledger.nextServedAt([target()], now)).toBeLessThanOrEqual(now + 10_000)
          for (const random of chances) {
            const at = ledger.nextServedAt([target()], now)
            expect(at).toBeGreaterThan(now)
            expect(at).toBeLessThanOrEqual(now + 30_000)
            now = Number(at)
            fail(ledger, target(), broken, now, random)
          }
        },
      ),
    )
  })

  it('takes longer each time, and starts anew after a success', () => {
    let now = NOON
    const ledger = openedAt(now)
    const pauses: number[] = []
    for (let time = 0; time < 5; time += 1) {
      const at = Number(ledger.nextServedAt([target()], now))
      pauses.push(at - now)
      now = at
      fail(ledger, target(), broken, now)
    }
    expect(pauses).toEqual([5_000, 10_000, 20_000, 25_000, 25_000])
    now = Number(ledger.nextServedAt([target()], now))
    succeed(ledger, target(), now)
    expect(ledger.standing(target(), now)).toEqual({ usable: true, halfOpen: false })
    for (let time = 0; time < 3; time += 1) fail(ledger, target(), broken, now)
    expect(ledger.nextServedAt([target()], now)).toBe(now + 5_000)
  })

  it('is decided by one request, which others see as probing', () => {
    const ledger = openedAt(NOON)
    const now = NOON + 5_000
    expect(ledger.standing(target(), now)).toEqual({ usable: true, halfOpen: true })
    const first = ledger.begin(target(), now)
    expect(first.standing).toEqual({ usable: true, halfOpen: true })
    expect(ledger.standing(target(), now)).toMatchObject({ usable: false, why: 'probing', lastResort: true })
    expect(ledger.begin(target(), now).standing.usable).toBe(false)
    ledger.settle(first, { result: 'answered' }, now + 100)
    expect(ledger.standing(target(), now + 100)).toEqual({ usable: true, halfOpen: false })
  })

  it.each([
    ['leaves', { result: 'aborted' }],
    ['lost a race', { result: 'discarded' }],
    ['never left the process', { result: 'unsent' }],
    ['met a limit', { result: 'failed', error: refused('bad-request', 400) }],
  ] as const)('is left to the next when the one that decides %s', (_why, outcome) => {
    const ledger = openedAt(NOON)
    const now = NOON + 5_000
    ledger.settle(ledger.begin(target(), now), outcome, now)
    expect(ledger.standing(target(), now)).toEqual({ usable: true, halfOpen: true })
  })

  it('does not wait for ever for a request that nobody settled', () => {
    const ledger = openedAt(NOON)
    ledger.begin(target(), NOON + 5_000)
    const at = Number(ledger.nextServedAt([target()], NOON + 5_000))
    expect(at).toBeLessThanOrEqual(NOON + 5_000 + MINUTE)
    expect(ledger.standing(target(), at)).toEqual({ usable: true, halfOpen: true })
  })

  it('lets others in at its first token, and a cut after it closes the door at once', () => {
    const ledger = openedAt(NOON)
    const now = NOON + 5_000
    const claim = ledger.begin(target(), now)
    ledger.firstToken(claim, now + 100)
    expect(ledger.standing(target(), now + 100)).toEqual({ usable: true, halfOpen: false })
    ledger.settle(claim, { result: 'failed', error: failure('truncated'), firstTokenMs: 100 }, now + 200)
    expect(ledger.standing(target(), now + 200)).toMatchObject({ usable: false, why: 'breaker' })
  })

  it('is not believed of an answer that began before the trouble', () => {
    const ledger = createLedger()
    const early = ledger.begin(target(), NOON)
    for (let time = 0; time < 3; time += 1) fail(ledger, target(), broken, NOON + 1)
    ledger.settle(early, { result: 'answered' }, NOON + 100)
    expect(ledger.standing(target(), NOON + 100).usable).toBe(false)
  })

  it('is not put off by failures of requests from before it opened', () => {
    const ledger = createLedger()
    const early = ledger.begin(target(), NOON)
    for (let time = 0; time < 3; time += 1) fail(ledger, target(), broken, NOON + 1)
    const until = ledger.nextServedAt([target()], NOON + 1)
    ledger.settle(early, { result: 'failed', error: broken }, NOON + 100)
    expect(ledger.nextServedAt([target()], NOON + 100)).toBe(until)
  })
})

it('admits exactly one request while half-open, in whatever order things happen', () => {
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constant('begin' as const) }),
      fc.record({ do: fc.constant('settle' as const), which: fc.nat(20), how: fc.nat(4) }),
      fc.record({ do: fc.constant('first' as const), which: fc.nat(20) }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    ),
    { maxLength: 80 },
  )
  const outcomes = [
    { result: 'answered' },
    { result: 'failed', error: broken },
    { result: 'failed', error: failure('network') },
    { result: 'aborted' },
    { result: 'discarded' },
  ] as const
  fc.assert(
    fc.property(steps, (story) => {
      let now = NOON
      const ledger = openedAt(now)
      const open: Claim[] = []
      const deciding = new Map<Claim, number>()
      for (const step of story) {
        // Whoever decided has decided, also when others closed it.
        const standing = ledger.standing(target(), now)
        if (standing.usable && !standing.halfOpen) deciding.clear()
        if (step.do === 'wait') now += step.ms
        else if (step.do === 'begin') {
          const before = ledger.standing(target(), now)
          const claim = ledger.begin(target(), now)
          expect(claim.standing).toEqual(before)
          open.push(claim)
          if (before.usable && before.halfOpen) {
            // Those that were given up do not count.
            for (const [other, at] of deciding) if (now - at >= MINUTE) deciding.delete(other)
            expect(deciding.size).toBe(0)
            deciding.set(claim, now)
            expect(ledger.standing(target(), now)).toMatchObject({ usable: false, why: 'probing' })
          }
        } else {
          const [claim] = open.splice(step.which % Math.max(1, open.length), step.do === 'settle' ? 1 : 0)
          const first = open[step.which % Math.max(1, open.length)]
          if (step.do === 'first' && first !== undefined) {
            ledger.firstToken(first, now)
            deciding.delete(first)
          }
          if (step.do === 'settle' && claim !== undefined) {
            ledger.settle(claim, outcomes[step.how] ?? outcomes[0], now)
            deciding.delete(claim)
          }
        }
      }
    }),
    { numRuns: 500 },
  )
})
