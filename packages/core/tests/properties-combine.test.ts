import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { combine, COMBINE_STRATEGIES, combineStream } from '../src/combine/index.js'
import { createOpenMux, isOpenMuxError } from '../src/index.js'
import { ManualClock } from './support/manual-clock.js'
import { anyWorld, providersOf } from './support/random-world.js'

const anyPanel = fc.record({
  strategy: fc.constantFrom(...COMBINE_STRATEGIES),
  answers: fc.integer({ min: 1, max: 4 }),
  maxCalls: fc.integer({ min: 2, max: 6 }),
  extra: fc.constantFrom(0, 1, 2),
  exact: fc.boolean(),
  streamed: fc.boolean(),
})

describe('an answer of several models', () => {
  it('never costs more calls than its cap, whatever its members do', async () => {
    let combined = 0
    await fc.assert(
      fc.asyncProperty(anyWorld, anyPanel, async (world, { streamed, ...options }) => {
        const clock = new ManualClock()
        const providers = providersOf(world, clock.now())
        const openmux = createOpenMux({ providers, clock, random: () => 0.5, timeouts: { totalMs: 60_000 } })
        const work = streamed
          ? combineStream(openmux, 'Hi', { ...options, clock }).result()
          : combine(openmux, 'Hi', { ...options, clock })
        const result = await clock.runUntil(
          work.catch((error: unknown) => {
            if (!isOpenMuxError(error)) throw error
            return undefined
          }),
        )
        const calls = providers.reduce((sum, { asked }) => sum + asked.length, 0)
        expect(calls).toBeLessThanOrEqual(options.maxCalls)
        if (result === undefined) return
        combined += 1
        // One that was cancelled while it waited for its turn was begun, and reached nobody.
        expect(result.calls).toBeGreaterThanOrEqual(calls)
        expect(result.calls).toBeLessThanOrEqual(options.maxCalls)
      }),
      { numRuns: 200 },
    )
    // Else the cap was kept by never answering.
    expect(combined).toBeGreaterThan(5)
  })
})
