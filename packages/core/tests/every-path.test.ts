import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Attempt,
  type ChatStreamEvent,
  createOpenMux,
  isOpenMuxError,
  type OpenMux,
  type OpenMuxError,
  type OpenMuxEvent,
} from '../src/index.js'
import type { Claim, Ledger, Outcome } from '../src/ledger/ledger.js'
import type { LedgerKeeping } from '../src/ledger/ledger-keeper.js'
import { ManualClock } from './support/manual-clock.js'
import { anyRequest, anyWorld, providersOf } from './support/random-world.js'

/** Watches a ledger: what was begun and what of it was settled how often. */
function watched(): { keeping: LedgerKeeping; claims: Map<Claim, Outcome[]> } {
  const claims = new Map<Claim, Outcome[]>()
  const keeping: LedgerKeeping = (ledger: Ledger) => {
    const { begin, settle: end } = ledger
    ledger.begin = function (...given) {
      const claim = begin.apply(this, given)
      claims.set(claim, [])
      return claim
    }
    ledger.settle = function (claim, outcome, ...rest) {
      claims.get(claim)?.push(outcome)
      end.call(this, claim, outcome, ...rest)
    }
    return {
      opened: Promise.resolve(),
      changed: () => undefined,
      flush: async () => undefined,
      close: async () => undefined,
    }
  }
  return { keeping, claims }
}

/** How a caller treats a request. */
const anyCaller = fc.record({
  streamed: fc.boolean(),
  /** Leaves after so many ms; undefined: never. */
  leavesAfter: fc.option(fc.constantFrom(0, 1, 20, 120, 3_000, 20_000), { nil: undefined }),
  /** Leaves its loop after so many events. */
  readsOnly: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
  closesAfter: fc.option(fc.constantFrom(0, 5, 150, 5_000), { nil: undefined }),
  listens: fc.constantFrom('quietly', 'throwing', 'throwing later'),
})

interface Ending {
  readonly result?: { readonly attempts: readonly Attempt[] }
  readonly error?: OpenMuxError
  readonly left?: true
}

async function ask(
  mux: OpenMux,
  input: Parameters<OpenMux['chat']>[0],
  { streamed, readsOnly }: { streamed: boolean; readsOnly: number | undefined },
): Promise<Ending> {
  try {
    if (!streamed) return { result: await mux.chat(input) }
    const stream = mux.stream(input)
    const seen: ChatStreamEvent[] = []
    for await (const event of stream) {
      seen.push(event)
      if (readsOnly !== undefined && seen.length > readsOnly) {
        await stream.result().catch(() => undefined)
        return { left: true }
      }
    }
    const kinds = seen.map(({ type }) => type)
    expect(kinds.filter((kind) => kind === 'finish')).toHaveLength(1)
    expect(kinds.at(-1)).toBe('finish')
    expect(kinds.filter((kind) => kind === 'start').length).toBeLessThanOrEqual(1)
    return { result: await stream.result() }
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    return { error }
  }
}

const key = ({ provider, model }: { provider: string; model?: string }): string =>
  `${provider}/${model ?? ''}`

describe('on every path through any world', () => {
  it('each attempt is told once, settled once, gives its slot back and leaves no timer', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyWorld,
        fc.array(fc.tuple(anyRequest, anyCaller), { minLength: 1, maxLength: 5 }),
        async (world, requests) => {
          const clock = new ManualClock()
          const providers = providersOf(world, clock.now())
          const { keeping, claims } = watched()
          const told: OpenMuxEvent[] = []
          const mux = createOpenMux({
            providers,
            clock,
            random: () => 0.5,
            ledger: keeping,
            concurrency: Object.fromEntries(providers.map(({ id }) => [id, 1])),
          })
          mux.on((event) => told.push(event))
          const endings = requests.map(([request, caller]) => {
            const controller = new AbortController()
            const listener =
              caller.listens === 'quietly'
                ? () => undefined
                : caller.listens === 'throwing'
                  ? () => {
                      throw new Error('listener')
                    }
                  : async () => {
                      throw new Error('listener')
                    }
            mux.on(listener)
            if (caller.leavesAfter !== undefined)
              clock.after(caller.leavesAfter, () => controller.abort(new Error('enough')))
            if (caller.closesAfter !== undefined)
              clock.after(caller.closesAfter, () => void mux.close().catch(() => undefined))
            const input = {
              ...request,
              signal: controller.signal,
              onProgress: listener,
              onFailedAttempt: listener,
            }
            return ask(mux, input, caller)
          })
          const all = await clock.runUntil(Promise.all(endings))
          await clock.advance(700_000)
          expect(clock.pending).toBe(0)

          // Every slot is free again: nobody has to queue.
          const queued: unknown[] = []
          for (const { id } of providers) {
            const last = mux.chat({
              prompt: 'Hi',
              provider: id,
              timeouts: { totalMs: 1_000 },
              onProgress: (progress) => queued.push(progress),
            })
            await clock.runUntil(last).catch(() => undefined)
          }
          expect(queued).toEqual([])
          await clock.advance(700_000)
          expect(clock.pending).toBe(0)

          // What was begun was settled, once.
          for (const outcomes of claims.values()) expect(outcomes).toHaveLength(1)

          // Every request has one beginning and one end, and nothing after it.
          const byRequest = Map.groupBy(told, ({ request }) => request)
          for (const story of byRequest.values()) {
            const kinds = story.map(({ type }) => type)
            expect(kinds[0]).toBe('request-started')
            expect(kinds.filter((kind) => kind === 'request-ended')).toHaveLength(1)
            expect(kinds.at(-1)).toBe('request-ended')
            const started = story.flatMap((event) => (event.type === 'attempt-started' ? [key(event)] : []))
            const ended = story.flatMap((event) =>
              event.type === 'attempt-ended' ? [key(event.attempt)] : [],
            )
            expect(ended.toSorted()).toEqual(started.toSorted())
          }

          // What is said of a request is what happened.
          for (const { result, error } of all) {
            const attempts = result?.attempts ?? error?.attempts
            const decision =
              (result as { decision?: OpenMuxError['decision'] } | undefined)?.decision ?? error?.decision
            if (attempts === undefined || decision === undefined) continue
            for (const attempt of attempts) {
              const of = decision.candidates.filter((one) => key(one) === key(attempt))
              expect(of.length).toBeGreaterThan(0)
            }
            const last = attempts.at(-1)
            if (result !== undefined && last !== undefined) {
              expect(last.outcome).toBe('answered')
              expect(decision.candidates.filter(({ verdict }) => verdict === 'answered').map(key)).toEqual([
                key(last),
              ])
            }
          }
        },
      ),
      { numRuns: Number(process.env['RUNS'] ?? 200) },
    )
  }, 120_000)
})
