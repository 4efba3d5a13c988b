import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createLedger, type Ledger } from '../src/index.js'
import {
  checkpointOf,
  keepIn,
  type LedgerStore,
  memoryStore,
  restoreLedger,
  snapshotOf,
} from '../src/store/index.js'
import {
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
import { ManualClock } from './support/manual-clock.js'

const free = target('a:free')

function left(ledger: Ledger, now: number): number | undefined {
  return ledger.forecast(now, [free]).allowances.find(({ rule }) => rule === 'free-day')?.remaining
}

function restored(stored: unknown, now: number): Ledger {
  const ledger = ledgerWithRules()
  restoreLedger(ledger, stored, now)
  return ledger
}

/** Saves as a keeper does. */
async function save(ledger: Ledger, store: LedgerStore, now: number): Promise<void> {
  const checkpoint = checkpointOf(ledger, now)
  await store.save((stored) => checkpoint.merge(stored))
  checkpoint.commit()
}

describe('a stored ledger', () => {
  it('knows in the next process what it knew in the last', () => {
    fc.assert(
      fc.property(stories(4), (story) => {
        const ledger = createLedger({ rules: freeRules })
        const now = play(ledger, story)
        const stored: unknown = JSON.parse(JSON.stringify(snapshotOf(ledger, now)))
        const next = restored(stored, now)
        for (const provider of ['p0', 'p1', 'p2', 'p3']) {
          const to = target('m0:free', { provider, origin: `${provider}.example:443` })
          expect(next.performance(to, now)).toEqual(ledger.performance(to, now))
          const allowances = (of: Ledger): readonly unknown[] =>
            of
              .forecast(now, [to])
              .allowances.filter((one) => one.provider === provider && one.rule !== undefined)
          // The next may know one more by its rule: here it may stand without, when somebody who does not fall under it
          // was told of it, and what says nothing any more is not stored.
          for (const known of allowances(ledger)) expect(allowances(next)).toContainEqual(known)
        }
      }),
    )
  })

  it('knows a rule whose name came first with a report of tokens, from a model that does not fall under it', () => {
    const ledger = ledgerWithRules()
    const claim = ledger.begin(target('paid'), NOON)
    ledger.note(
      'alpha',
      'paid',
      { rule: 'free-day', scope: 'account', unit: 'tokens', source: 'story' },
      NOON,
      claim,
    )
    succeed(ledger, free, NOON)
    expect(left(ledger, NOON)).toBe(49)
    expect(left(restored(snapshotOf(ledger, NOON), NOON), NOON)).toBe(49)
  })

  it('keeps requests apart that failed alike in the same millisecond', () => {
    const ledger = ledgerWithRules()
    for (let time = 0; time < 5; time += 1) fail(ledger, target(), failure('bad-response'), NOON)
    const { samples } = ledger.performance(target(), NOON)
    expect(samples).toBe(5)
    const stored = checkpointOf(ledger, NOON).merge(snapshotOf(ledger, NOON))
    expect(restored(stored, NOON).performance(target(), NOON).samples).toBe(5)
  })

  it('does not keep what ends when a person acts: the next process may be that act', () => {
    const ledger = ledgerWithRules()
    fail(ledger, target(), refused('auth', 401), NOON)
    fail(ledger, target('model-2'), refused('model-not-found', 404), NOON)
    const next = restored(snapshotOf(ledger, NOON), NOON)
    expect(next.forecast(NOON).cooldowns.map(({ code }) => code)).toEqual(['model-not-found'])
  })

  it('is the same however often it is read and written without news', () => {
    fc.assert(
      fc.property(stories(4), (story) => {
        const ledger = createLedger({ rules: freeRules })
        const now = play(ledger, story)
        const once = snapshotOf(ledger, now)
        expect(snapshotOf(restored(once, now), now)).toEqual(once)
        expect(checkpointOf(restored(once, now), now).merge(once)).toEqual(once)
      }),
    )
  })

  it('reads anything without throwing, and says what it left out', () => {
    const whole = JSON.parse(JSON.stringify(snapshotOf(told(), NOON))) as Record<string, unknown>
    const anything = fc.oneof(
      fc.anything(),
      fc.record({ format: fc.constant('openmux-ledger'), version: fc.anything() }),
      fc
        .tuple(fc.constantFrom(...Object.keys(whole)), fc.jsonValue())
        .map(([key, value]) => ({ ...whole, [key]: value })),
      fc
        .tuple(
          fc.constantFrom('cooldowns', 'breakers', 'allowances', 'targets'),
          fc.dictionary(fc.string(), fc.jsonValue()),
        )
        .map(([key, entry]) => ({ ...whole, [key]: [entry] })),
    )
    fc.assert(
      fc.property(anything, (stored) => {
        const ledger = ledgerWithRules()
        const { dropped } = restoreLedger(ledger, stored, NOON)
        expect(dropped.every((what) => typeof what === 'string')).toBe(true)
        ledger.standing(free, NOON)
        ledger.forecast(NOON, [free])
        ledger.performance(free, NOON)
        ledger.settle(ledger.begin(free, NOON), { result: 'answered' }, NOON)
        JSON.stringify(snapshotOf(ledger, NOON))
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps the good entries of a damaged one', () => {
    const stored = JSON.parse(JSON.stringify(snapshotOf(told(), NOON))) as { cooldowns: unknown[] }
    stored.cooldowns.push({ area: 'model' }, 7)
    const ledger = ledgerWithRules()
    const { dropped } = restoreLedger(ledger, stored, NOON)
    expect(dropped).toEqual(['cooldowns: 2 of 3 entries could not be read'])
    expect(ledger.forecast(NOON).cooldowns).toHaveLength(1)
  })

  it('does not believe a clock that was wrong', () => {
    const ledger = ledgerWithRules()
    const later = NOON + 4 * 365 * 86_400_000
    fail(ledger, target(), refused('quota', 429, { scope: 'model', until: later + MINUTE }), later)
    for (let time = 0; time < 50; time += 1) succeed(ledger, free, later)
    const next = restored(snapshotOf(ledger, later), NOON)
    expect(next.standing(target(), NOON).usable).toBe(true)
    expect(left(next, NOON)).toBe(50)
  })
})

describe('two processes on one store', () => {
  it('count each request once, whoever sent it and whenever it was saved', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ who: fc.nat(2), saves: fc.boolean(), fails: fc.boolean() }), { maxLength: 40 }),
        async (steps) => {
          const store = memoryStore()
          const ledgers = [ledgerWithRules(), ledgerWithRules(), ledgerWithRules()]
          let now = NOON
          let sent = 0
          for (const { who, saves, fails } of steps) {
            now += MINUTE
            const ledger = ledgers[who] ?? ledgerWithRules()
            const claim = ledger.begin(free, now)
            // In the middle of a request: what turns out not to count is taken back later.
            if (saves) await save(ledger, store, now)
            ledger.settle(
              claim,
              fails ? { result: 'failed', error: failure('network') } : { result: 'answered' },
              now,
            )
            if (!fails) sent += 1
          }
          for (const ledger of ledgers) await save(ledger, store, now)
          expect(left(restored(await store.load(), now), now)).toBe(Math.max(0, 50 - sent))
        },
      ),
    )
  })

  it('know of each other after they saved', async () => {
    const store = memoryStore()
    const [one, other] = [ledgerWithRules(), ledgerWithRules()]
    for (let time = 0; time < 7; time += 1) succeed(one, free, NOON)
    fail(one, target(), refused('rate-limit', 429, { until: NOON + MINUTE }), NOON)
    succeed(other, free, NOON)
    await save(one, store, NOON)
    await save(other, store, NOON)
    expect(left(other, NOON)).toBe(42)
    expect(other.standing(target(), NOON).usable).toBe(false)
  })

  it('know that one forgot a provider by hand', async () => {
    const store = memoryStore()
    const [one, other] = [ledgerWithRules(), ledgerWithRules()]
    fail(one, target(), refused('quota', 429, { scope: 'model', until: NOON + MINUTE }), NOON)
    await save(one, store, NOON)
    await save(other, store, NOON)
    one.forget('alpha', NOON + 1)
    await save(one, store, NOON + 1)
    await save(other, store, NOON + 2)
    expect(other.standing(target(), NOON + 2).usable).toBe(true)
    await save(one, store, NOON + 3)
    expect(one.standing(target(), NOON + 3).usable).toBe(true)
  })

  it('learn the same in whichever order they save, but for counts: commutative and idempotent', () => {
    fc.assert(
      fc.property(stories(3), stories(3), (first, second) => {
        const [one, other] = [createLedger({ rules: freeRules }), createLedger({ rules: freeRules })]
        const now = Math.max(play(one, first), play(other, second))
        const [a, b] = [snapshotOf(one, now), snapshotOf(other, now)]
        const known = (...stored: readonly unknown[]): unknown => {
          const ledger = ledgerWithRules()
          for (const data of stored) restoreLedger(ledger, data, now)
          const { cooldowns, breakers, targets } = ledger.state()
          const sorted = (list: readonly unknown[]): string[] =>
            list.map((entry) => JSON.stringify(entry, Object.keys(flat(entry)).toSorted())).toSorted()
          return [sorted(cooldowns), sorted(breakers), sorted(targets)]
        }
        const usable = first.concat(second).some(({ act }) => act === 'forget')
        if (!usable) expect(known(a, b)).toEqual(known(b, a))
        expect(known(a, a)).toEqual(known(a))
      }),
    )
  })
})

describe('keeping a ledger', () => {
  it('loads at once, saves soon after changes and once for many, and at the end', async () => {
    const clock = new ManualClock()
    const store = memoryStore()
    let saves = 0
    const counting: LedgerStore = {
      load: () => store.load(),
      save: (merge) => {
        saves += 1
        return store.save(merge)
      },
    }
    const ledger = ledgerWithRules()
    const keeper = keepIn(counting)(ledger, clock)
    await keeper.opened
    keeper.changed()
    expect(clock.pending).toBe(0)
    for (let time = 0; time < 10; time += 1) {
      succeed(ledger, free, clock.now())
      keeper.changed()
    }
    expect(clock.pending).toBe(1)
    await clock.advance(1_000)
    expect(saves).toBe(1)
    succeed(ledger, free, clock.now())
    keeper.changed()
    await keeper.close()
    await keeper.close()
    expect(saves).toBe(2)
    expect(clock.pending).toBe(0)
    expect(left(restored(await store.load(), clock.now()), clock.now())).toBe(39)
  })

  it('goes on in memory when the store fails, tells so, and loses nothing', async () => {
    const clock = new ManualClock()
    const store = memoryStore()
    let broken = true
    const moody: LedgerStore = {
      load: () => Promise.reject(new Error('no disk')),
      save: (merge) => (broken ? Promise.reject(new Error('no disk')) : store.save(merge)),
    }
    const problems: string[] = []
    const ledger = ledgerWithRules()
    const keeper = keepIn(moody, { onProblem: (problem) => problems.push(problem) })(ledger, clock)
    await keeper.opened
    succeed(ledger, free, clock.now())
    await keeper.flush()
    succeed(ledger, free, clock.now())
    await keeper.flush()
    expect(problems).toHaveLength(3)
    broken = false
    await keeper.flush()
    expect(left(restored(await store.load(), clock.now()), clock.now())).toBe(48)
  })

  it.each([
    ['newer', { format: 'openmux-ledger', version: 99, precious: true }, 'newer OpenMux'],
    ['not ours', { mine: true }, 'not a ledger'],
  ])('never writes over what is %s', async (_name, precious, words) => {
    const store = memoryStore()
    await store.save(() => precious)
    const problems: string[] = []
    const ledger = ledgerWithRules()
    const keeper = keepIn(store, { onProblem: (problem) => problems.push(problem) })(
      ledger,
      new ManualClock(),
    )
    await keeper.opened
    succeed(ledger, free, NOON)
    await keeper.close()
    expect(await store.load()).toEqual(precious)
    expect(problems[0]).toContain(words)
    expect(left(ledger, NOON)).toBe(49)
  })
})

function told(): Ledger {
  const ledger = ledgerWithRules()
  fail(ledger, target(), refused('rate-limit', 429, { until: NOON + MINUTE }), NOON)
  succeed(ledger, free, NOON)
  for (let time = 0; time < 3; time += 1) fail(ledger, target('model-2'), failure('truncated'), NOON)
  return ledger
}

function flat(entry: unknown): Record<string, unknown> {
  const names: Record<string, unknown> = {}
  JSON.stringify(entry, (key, value: unknown) => {
    names[key] = true
    return value
  })
  return names
}
