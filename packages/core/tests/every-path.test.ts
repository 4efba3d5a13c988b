import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type ChatInput,
  type ChatResult,
  type ChatStreamEvent,
  type Clock,
  createOpenMux,
  isOpenMuxError,
  type OpenMux,
  OpenMuxError,
  type OpenMuxEvent,
} from '../src/index.js'
import { watched } from './support/watched-ledger.js'
import { ManualClock } from './support/manual-clock.js'
import {
  ALL_CAPABILITIES,
  hangForEver,
  scripted,
  type ScriptedProvider,
  START,
  type Step,
  STOP,
  text,
} from './support/scripted-provider.js'
import { anyRequest, anyWorld, providersOf } from './support/random-world.js'

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
  readonly result?: ChatResult
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
    const result = await stream.result()
    const discarded = seen.findLastIndex((event) => event.type === 'resumed' && event.discard)
    const shown = seen.slice(discarded + 1).map((event) => (event.type === 'text' ? event.text : ''))
    expect(shown.join('')).toBe(result.text)
    return { result }
  } catch (error) {
    if (!isOpenMuxError(error)) throw error
    return { error }
  }
}

const key = ({ provider, model }: { provider: string; model?: string }): string =>
  `${provider}/${model ?? ''}`

type Asked = readonly [request: ChatInput, caller: CallerOf]
type CallerOf = typeof anyCaller extends fc.Arbitrary<infer T> ? T : never

/** Plays requests at the same time, and holds every promise about accounts, events and records to what happened. */
async function playAndCheck(
  clock: ManualClock,
  providers: readonly ScriptedProvider[],
  requests: readonly Asked[],
  warmUps = 0,
): Promise<void> {
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
  for (let index = 0; index < warmUps; index += 1)
    for (const { id } of providers)
      await clock.runUntil(mux.chat({ prompt: 'Hi', provider: id })).catch(() => undefined)
  await clock.advance(2_000)
  const endings = requests.map(([request, caller]) => {
    const controller = new AbortController()
    const listener = listenerThat(caller.listens)
    mux.on(listener)
    if (caller.leavesAfter !== undefined)
      clock.after(caller.leavesAfter, () => controller.abort(new Error('enough')))
    if (caller.closesAfter !== undefined)
      clock.after(caller.closesAfter, () => void mux.close().catch(() => undefined))
    const { signal } = controller
    return ask(mux, { ...request, signal, onProgress: listener, onFailedAttempt: listener }, caller)
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
  for (const story of Map.groupBy(told, ({ request }) => request).values()) {
    const kinds = story.map(({ type }) => type)
    expect(kinds[0]).toBe('request-started')
    expect(kinds.filter((kind) => kind === 'request-ended')).toHaveLength(1)
    expect(kinds.at(-1)).toBe('request-ended')
    const started = story.flatMap((event) => (event.type === 'attempt-started' ? [key(event)] : []))
    const ended = story.flatMap((event) => (event.type === 'attempt-ended' ? [key(event.attempt)] : []))
    expect(ended.toSorted()).toEqual(started.toSorted())
  }

  // What is said of a request is what happened.
  for (const { result, error } of all) {
    const { attempts, decision } = result ?? error ?? {}
    if (attempts === undefined || decision === undefined) continue
    const named = new Set(decision.candidates.map(key))
    for (const attempt of attempts) expect(named).toContain(key(attempt))
    const last = attempts.at(-1)
    if (result === undefined || last === undefined) continue
    expect(last.outcome).toBe('answered')
    const answered = decision.candidates.filter(({ verdict }) => verdict === 'answered')
    expect(answered.map(key)).toEqual([key(last)])
    const { usage = { outputTokens: 0 } } = last
    expect(result.usage?.outputTokens ?? 0).toBeGreaterThanOrEqual(usage.outputTokens)
  }
}

function listenerThat(listens: string): () => unknown {
  if (listens === 'quietly') return () => undefined
  const boom = (): never => {
    throw new Error('listener')
  }
  return listens === 'throwing' ? boom : async () => boom()
}

const wait = (ms: number, clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve)
  })

const after =
  (ms: number): Step =>
  ({ clock }) =>
    wait(ms, clock)

/** How the calls of a provider go that was always fast until now. */
const anyLateTurn: fc.Arbitrary<readonly Step[]> = fc
  .record({
    before: fc.constantFrom(0, 20, 350, 900, 5_000),
    between: fc.constantFrom(0, 10, 400),
    how: fc.constantFrom('answers', 'answers', 'fails', 'is cut', 'differs', 'hangs', 'hangs at once'),
    code: fc.constantFrom('unavailable', 'model-not-found', 'rate-limit', 'network', 'bad-request'),
  })
  .map(({ before, between, how, code }) => {
    const failure = new OpenMuxError({ code, message: code })
    if (how === 'hangs at once') return [hangForEver]
    if (how === 'fails') return [after(before), failure]
    const begun = [START, after(before), text(how === 'differs' ? 'Bye' : 'Hel'), after(between)]
    if (how === 'is cut') return [...begun, failure]
    if (how === 'hangs') return [...begun, hangForEver]
    return [...begun, text('lo'), STOP]
  })

const anyFastProvider = fc.record({
  locality: fc.constantFrom('local', 'local', 'remote'),
  late: fc.array(anyLateTurn, { minLength: 1, maxLength: 3 }),
  prefill: fc.boolean(),
  wakesAfter: fc.constantFrom(0, 0, 300, 2_000),
})

const WARM_UPS = 13
const RUNS = Number(process.env['RUNS'] ?? 150)

describe('on every path through any world', () => {
  it('each attempt is told once, settled once, gives its slot back and leaves no timer', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyWorld,
        fc.array(fc.tuple(anyRequest, anyCaller), { minLength: 1, maxLength: 5 }),
        async (world, requests) => {
          const clock = new ManualClock()
          await playAndCheck(clock, providersOf(world, clock.now()), requests)
        },
      ),
      { numRuns: RUNS },
    )
  }, 120_000)

  it('so it is where the late are raced', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyFastProvider, { minLength: 2, maxLength: 4 }),
        fc.array(anyCaller, { minLength: 1, maxLength: 3 }),
        fc.constantFrom('continue', 'restart', 'fail'),
        async (world, callers, onBreak) => {
          const clock = new ManualClock()
          const fast = [START, after(20), text('Hello'), STOP]
          const providers = world.map(({ locality, late, prefill, wakesAfter }, index) => {
            let asked = 0
            return scripted(`p${index}`, {
              locality,
              hosts: [`p${index}.example:443`],
              supports: { ...ALL_CAPABILITIES, prefill },
              limits: () => [],
              answers: [...Array.from({ length: WARM_UPS }, () => fast), ...late, fast],
              readiness: async () => {
                asked += 1
                if (asked > 1) await wait(wakesAfter, clock)
                return { ready: true }
              },
            })
          })
          const requests = callers.map((caller): Asked => [{ prompt: 'Hi', task: 'chat', onBreak }, caller])
          await playAndCheck(clock, providers, requests, WARM_UPS)
        },
      ),
      { numRuns: RUNS },
    )
  }, 120_000)
})
