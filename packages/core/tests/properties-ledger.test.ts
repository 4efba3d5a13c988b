import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOpenMux, OpenMuxError } from '../src/index.js'
import { ManualClock } from './support/manual-clock.js'
import { anyFailure, type MadeProvider, providersOf } from './support/random-world.js'
import { card, scripted } from './support/scripted-provider.js'

const anyTroubled: fc.Arbitrary<MadeProvider[]> = fc.array(
  fc.record({
    locality: fc.constantFrom('local' as const, 'remote' as const),
    cards: fc.constant([{ free: true }, { free: false }]),
    turns: fc.array(fc.oneof(anyFailure, fc.constant({ kind: 'answers' as const })), {
      minLength: 1,
      maxLength: 5,
    }),
  }),
  { minLength: 1, maxLength: 3 },
)

describe('what is known of targets', () => {
  it('never shortens a cooldown, whatever comes after it', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyTroubled,
        fc.array(fc.tuple(fc.constantFrom('Hi', 'p0', 'p1', 'p2'), fc.constantFrom(0, 100, 20_000)), {
          minLength: 2,
          maxLength: 8,
        }),
        async (world, requests) => {
          const clock = new ManualClock()
          const openmux = createOpenMux({
            providers: providersOf(world, clock.now()),
            clock,
            random: () => 0.5,
          })
          let before = new Map<string, number>()
          for (const [first, pauseMs] of requests) {
            const input = { prompt: 'Hi', ...(first !== 'Hi' && { prefer: [first] }) }
            await clock.runUntil(openmux.chat(input).catch(() => undefined))
            await clock.advance(pauseMs)
            const { cooldowns } = await openmux.forecast()
            const after = new Map(
              cooldowns.map(({ provider, area, name, until }) => [
                `${provider} ${area} ${name ?? ''}`,
                until,
              ]),
            )
            for (const [place, until] of before)
              if (until > clock.now()) expect(after.get(place) ?? 0).toBeGreaterThanOrEqual(until)
            before = after
          }
        },
      ),
      { numRuns: 100 },
    )
  })

  it('does not grow with the number of models that were ever asked for', async () => {
    const clock = new ManualClock()
    const names = Array.from({ length: 3_000 }, (_, index) => `model-${index}`)
    const failing = ['rate-limit', 'unavailable', 'truncated', 'model-not-found'] as const
    const provider = scripted('busy', {
      cards: names.map((name) => card(name)),
      answers: failing.map((code) => [new OpenMuxError({ code, message: code, upstream: { status: 500 } })]),
    })
    const openmux = createOpenMux({ providers: [provider], clock, maxAttempts: 1 })
    let most = 0
    for (const [index, model] of names.entries()) {
      await openmux.chat({ prompt: 'Hi', model: `busy/${model}` }).catch(() => undefined)
      if (index % 500 !== 499) continue
      const { cooldowns, breakers, allowances } = await openmux.forecast()
      most = Math.max(most, cooldowns.length, breakers.length, allowances.length)
    }
    expect(provider.asked.length).toBeGreaterThan(100)
    expect(most).toBeGreaterThan(0)
    // Twice the most targets that are kept: their own breakers and those of their origins.
    expect(most).toBeLessThanOrEqual(512)
  })
})
