import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpenMux, ERROR_CODES, type ErrorCode, OpenMuxError } from '../src/index.js'
import { nextMove } from '../src/run/next-step.js'
import { failureOf } from './support/failure.js'
import { ManualClock } from './support/manual-clock.js'
import { answer, scripted } from './support/scripted-provider.js'

const CODES = Object.keys(ERROR_CODES) as ErrorCode[]
const anyError = fc
  .record({
    code: fc.constantFrom(...CODES),
    next: fc.constantFrom(undefined, 'here' as const, 'elsewhere' as const, 'nowhere' as const),
    wait: fc.option(fc.integer({ min: -5_000, max: 200_000 }), { nil: undefined }),
  })
  .map(({ code, next, wait }) => ({ code, next, wait }))

describe('the attempt budget and the deadline', () => {
  it('are kept whatever the failures are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyError, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 6 }),
        async (perProvider, maxAttempts) => {
          const clock = new ManualClock()
          const providers = perProvider.map((errors, index) =>
            scripted(`p${index}`, {
              answers: errors.map(({ code, next, wait }) => [
                new OpenMuxError({
                  code,
                  message: code,
                  next,
                  until: wait === undefined ? undefined : clock.now() + wait,
                }),
              ]),
            }),
          )
          const openmux = createOpenMux({
            providers,
            clock,
            maxAttempts,
            timeouts: { totalMs: 5_000 },
            random: () => 0.5,
          })
          const started = clock.now()
          const error = await clock.runUntil(failureOf(openmux.chat('Hi')))
          const calls = providers.reduce((sum, { asked }) => sum + asked.length, 0)
          expect(calls).toBeGreaterThan(0)
          expect(calls).toBeLessThanOrEqual(maxAttempts)
          expect(error.attempts).toHaveLength(calls)
          expect(clock.now() - started).toBeLessThanOrEqual(5_000)
          expect(clock.pending).toBe(0)
        },
      ),
      { numRuns: 150 },
    )
  })

  it('retries share the budget with failovers', async () => {
    const clock = new ManualClock()
    const flaky = () => new OpenMuxError({ code: 'unavailable', message: '503', next: 'here' })
    const providers = ['a', 'b', 'c'].map((id) => scripted(id, { answers: [[flaky()]] }))
    const error = await clock.runUntil(
      failureOf(createOpenMux({ providers, clock, random: () => 0 }).chat('Hi')),
    )
    expect(error.attempts?.map(({ provider }) => provider)).toEqual(['a', 'a', 'b', 'c'])
  })

  it('one short pause after a single transient failure stays with the favourite', async () => {
    const clock = new ManualClock()
    const first = scripted('first', {
      answers: [
        [new OpenMuxError({ code: 'unavailable', message: '500', next: 'here' })],
        answer('back again'),
      ],
    })
    const result = await clock.runUntil(
      createOpenMux({ providers: [first, scripted('second')], clock, random: () => 0.5 }).chat('Hi'),
    )
    expect(result).toMatchObject({ provider: 'first', text: 'back again', durationMs: 200 })
    expect(result.attempts[0]?.followedBy).toEqual({ move: 'retry', waitMs: 200 })
  })

  for (const { wait, provider, because } of [
    { wait: 2_900, provider: 'first', because: 'is worth waiting for' },
    { wait: 3_100, provider: 'second', because: 'means elsewhere now' },
    { wait: 86_400_000, provider: 'second', because: 'means elsewhere now' },
  ]) {
    it(`a hinted wait of ${wait} ms ${because}`, async () => {
      const clock = new ManualClock()
      const limited = new OpenMuxError({ code: 'rate-limit', message: '429', until: clock.now() + wait })
      const first = scripted('first', { answers: [[limited], answer('Hi')] })
      const result = await clock.runUntil(
        createOpenMux({ providers: [first, scripted('second')], clock }).chat('Hi'),
      )
      expect(result.provider).toBe(provider)
      expect(result.durationMs).toBe(provider === 'first' ? wait : 0)
    })
  }

  it('never waits past the deadline', () => {
    fc.assert(
      fc.property(
        anyError,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 10_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.boolean(),
        (given, attemptsHere, attemptsLeft, left, random, impatient) => {
          const now = 1_000_000
          const error = new OpenMuxError({
            code: given.code,
            message: '',
            next: given.next,
            until: given.wait === undefined ? undefined : now + given.wait,
          })
          const deadline = now + left
          const move = nextMove({ error, attemptsHere, attemptsLeft, impatient, now, deadline, random })
          if (move.move === 'retry') {
            expect(move.waitMs).toBeLessThanOrEqual(3_000)
            expect(move.waitMs).toBeLessThan(Math.max(left, 1))
            expect(attemptsHere).toBe(1)
            expect(impatient).toBe(false)
          }
          if (attemptsLeft === 0) expect(move.move).toBe('stop')
        },
      ),
    )
  })
})

describe('the last attempt of a budget', () => {
  const unwell = () => new OpenMuxError({ code: 'unavailable', next: 'here', message: 'down' })

  it('goes to somebody who has not failed yet, instead of a second try at the same', async () => {
    const providers = [[[unwell()]], [[unwell()]], [answer('Hello')]].map((answers, index) =>
      scripted(`p${index}`, { answers }),
    )
    const clock = new ManualClock()
    const result = await clock.runUntil(createOpenMux({ providers, clock }).chat('Hi'))
    expect(result.attempts.map(({ provider }) => provider)).toEqual(['p0', 'p0', 'p1', 'p2'])
  })

  it('is a second try when nobody else is there', async () => {
    const only = scripted('only', { answers: [[unwell()], answer('Hello')] })
    const clock = new ManualClock()
    const result = await clock.runUntil(
      createOpenMux({ providers: [only], clock, maxAttempts: 2 }).chat('Hi'),
    )
    expect(result.attempts).toHaveLength(2)
  })
})
