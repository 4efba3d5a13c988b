import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChatInput,
  type ChatResult,
  createOpenMux,
  type DecisionRecord,
  isOpenMuxError,
  type OpenMuxError,
} from '../src/index.js'
import { type PolicyName, POLICIES } from '../src/plan/policies.js'
import { readReplayable, replay, type ReplayableDecision } from '../src/replay/index.js'
import { ManualClock } from './support/manual-clock.js'
import { anyRequest, anyWorld, type MadeProvider, providersOf } from './support/random-world.js'
import type { ScriptedProvider } from './support/scripted-provider.js'

const RUNS = { numRuns: 120 }

interface Ended {
  readonly result?: ChatResult
  readonly error?: OpenMuxError
  readonly tookMs: number
}

/** Makes the request of the world, streamed or not, to its end. */
async function ask(
  world: readonly MadeProvider[],
  request: ChatInput,
  streamed: boolean,
  more: { readonly online?: () => boolean } = {},
): Promise<Ended & { readonly providers: readonly ScriptedProvider[]; readonly clock: ManualClock }> {
  const clock = new ManualClock()
  const providers = providersOf(world, clock.now())
  const openmux = createOpenMux({ providers, clock, random: () => 0.5, ...more })
  const startedAt = clock.now()
  const work = streamed ? openmux.stream(request).result() : openmux.chat(request)
  const ended = await clock.runUntil(
    work.then(
      (result) => ({ result }),
      (error: unknown) => {
        if (!isOpenMuxError(error)) throw error
        return { error }
      },
    ),
  )
  return { ...ended, tookMs: clock.now() - startedAt, providers, clock }
}

/** Every floor of a request: its own, and those of its policy. */
function floorsOf({ localOnly, zeroCost, minContextTokens, policy }: ChatInput) {
  const base = typeof policy === 'string' ? policy : policy?.base
  const own = typeof policy === 'object' ? policy.floors : undefined
  const preset = base === undefined ? {} : POLICIES[base satisfies PolicyName].floors
  return {
    localOnly: localOnly === true || own?.localOnly === true || preset.localOnly === true,
    zeroCost: zeroCost === true || own?.zeroCost === true || preset.zeroCost === true,
    minContextTokens: Math.max(
      minContextTokens ?? 0,
      own?.minContextTokens ?? 0,
      preset.minContextTokens ?? 0,
    ),
  }
}

describe('whatever the providers do', () => {
  it('never makes more attempts than allowed, and tells every one of them', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { result, error, providers } = await ask(world, request, streamed)
        const calls = providers.reduce((sum, { asked }) => sum + asked.length, 0)
        expect(calls).toBeLessThanOrEqual(request.maxAttempts ?? 4)
        expect((result ?? error)?.attempts ?? []).toHaveLength(calls)
      }),
      RUNS,
    )
  })

  it('keeps the deadline, and leaves no timer and no answer open', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { tookMs, clock } = await ask(world, request, streamed)
        expect(tookMs).toBeLessThanOrEqual(request.timeouts?.totalMs ?? 600_000)
        // What a provider itself waits for is its own; the engine's last timer ends with its grace.
        await clock.advance(10_000)
        expect(clock.pending).toBe(0)
      }),
      RUNS,
    )
  })

  it('asks nobody across a floor', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { providers } = await ask(world, request, streamed)
        const floors = floorsOf(request)
        const hasImage = typeof request.messages?.[0]?.content !== 'string'
        for (const [index, { asked, locality }] of providers.entries()) {
          for (const { model } of asked) {
            const card = world[index]?.cards[Number(model.slice('model-'.length))]
            if (floors.localOnly) expect(locality).toBe('local')
            // What runs on this machine costs nothing, whatever its card says.
            if (floors.zeroCost) expect(locality === 'local' || card?.free).toBe(true)
            expect(card?.contextTokens ?? Infinity).toBeGreaterThanOrEqual(floors.minContextTokens)
            if (request.tools !== undefined) expect(card?.tools).not.toBe(false)
            if (request.responseFormat !== undefined) expect(card?.json).not.toBe(false)
            if (hasImage) expect(card?.vision).not.toBe(false)
          }
        }
      }),
      RUNS,
    )
  })

  it('asks nobody remote without a network', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { providers } = await ask(world, request, streamed, { online: () => false })
        for (const { asked, locality } of providers) if (locality === 'remote') expect(asked).toEqual([])
      }),
      RUNS,
    )
  })

  it('passes off nothing broken as an answer', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { result, error } = await ask(world, request, streamed)
        if (result !== undefined) expect(result.text).toBe('["Hello"]')
        else expect('["He').toContain(error?.partial?.text ?? '')
      }),
      RUNS,
    )
  })
})

describe('a plan', () => {
  it('is the same for the same request and knowledge', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, async (world, request) => {
        const clock = new ManualClock()
        const openmux = createOpenMux({
          providers: providersOf(world, clock.now()),
          clock,
          random: () => 0.5,
        })
        const before = await clock.runUntil(openmux.explain(request))
        expect(await clock.runUntil(openmux.explain(request))).toEqual(before)
        // And in another process that knows the same.
        const other = createOpenMux({ providers: providersOf(world, clock.now()), clock, random: () => 0.9 })
        expect(await clock.runUntil(other.explain(request))).toEqual(before)
      }),
      RUNS,
    )
  })

  it('is what the request follows', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, async (world, request) => {
        const clock = new ManualClock()
        const openmux = createOpenMux({
          providers: providersOf(world, clock.now()),
          clock,
          random: () => 0.5,
        })
        const plan = await clock.runUntil(openmux.explain(request))
        const planned = plan.candidates.filter(({ verdict }) => verdict === 'planned')
        const { result, error } = await ask(world, request, false)
        const [first] = (result ?? error)?.attempts ?? []
        expect(first && [first.provider, first.model]).toEqual(
          planned[0] && [planned[0].provider, planned[0].model],
        )
      }),
      RUNS,
    )
  })

  it('replays to itself', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, async (world, request) => {
        const clock = new ManualClock()
        const openmux = createOpenMux({
          providers: providersOf(world, clock.now()),
          clock,
          random: () => 0.5,
        })
        const { replayed, otherFirst } = replay([fromLog(await clock.runUntil(openmux.explain(request)))])
        expect(otherFirst).toBe(0)
        expect(replayed[0]?.same).toBe(true)
      }),
      RUNS,
    )
  })

  it('replays with the same favourite from the record on any result or error', async () => {
    await fc.assert(
      fc.asyncProperty(anyWorld, anyRequest, fc.boolean(), async (world, request, streamed) => {
        const { result, error } = await ask(world, request, streamed)
        const decision = (result ?? error)?.decision
        // The rest may stand in another order by then: what failed together was put behind the others.
        if (decision !== undefined) expect(replay([fromLog(decision)]).otherFirst).toBe(0)
      }),
      RUNS,
    )
  })
})

/** A record as it comes out of a log. */
function fromLog(decision: DecisionRecord): ReplayableDecision {
  return readReplayable(JSON.parse(JSON.stringify(decision)))
}
