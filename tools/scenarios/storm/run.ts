import { getEventListeners, setMaxListeners } from 'node:events'
import { type Clock, createOpenMux, type OpenMux, type Provider } from '@openmux/core'
import { openaiCompatible } from '@openmux/openai-compatible'
import type { FetchLike } from '@openmux/http'
import { fastClock } from '../fast-clock.ts'
import { judge, type Violation } from './judge.ts'
import { play, type Played } from './play.ts'
import { hashOf, Random } from './random.ts'
import type { Seen } from './script.ts'
import { SPACES, stormRequest, targetsOf } from './requests.ts'
import { type OpenAnswers, stormFetch } from './storm-fetch.ts'
import { StormServer } from './storm-server.ts'
import { OTHER_WORDS, SAME_WORDS, type TargetSpec } from './targets.ts'
import { StormUpstream } from './upstream.ts'
import { VirtualClock } from './virtual-clock.ts'

/** What to play. */
export interface StormOptions {
  readonly requests: number
  readonly seed: number
  /** How many times as often requests are sent. Default 1: every two seconds of the storm's time. */
  readonly pace?: number
  /** Told now and then. */
  readonly onProgress?: (report: StormReport) => void
  /** Told how every request ended. */
  readonly onPlayed?: (played: Played, seen: readonly Seen[]) => void
}

/** What came of it. */
export interface StormReport {
  settled: number
  done: number
  readonly failed: Map<string, number>
  readonly violations: (Violation & { readonly request: number })[]
  /** How often each promise was broken. */
  readonly broken: Map<string, number>
  /** Texts of ordinary callers while one target lived, and how many of them were complete. */
  ordinary: number
  complete: number
  /** Numbers of ordinary requests that were not complete, the first few. */
  readonly incomplete: number[]
  /** How often answers went on elsewhere, by how. */
  readonly resumed: Map<string, number>
  readonly played: ReadonlyMap<string, number>
  /** Equal for equal stories. */
  story: number
  /** Used heap in bytes, taken at equal distances. */
  readonly heap: number[]
  /** Timers, answers, sockets and listeners that were not released. */
  leaks: readonly string[]
}

/** How many requests are under way at most. */
const AT_A_TIME = 64
const HEAP_SAMPLES = 20

/** Plays the storm in this process: virtual time, the real provider and readers, every byte made up by the seed. */
export async function stormInProcess(options: StormOptions): Promise<StormReport> {
  // Whatever is loaded when it is first needed is loaded before the story begins.
  await story({ requests: Math.min(options.requests, 500), seed: 0 })
  return story(options)
}

async function story(options: StormOptions): Promise<StormReport> {
  const clock = new VirtualClock()
  const upstream = new StormUpstream(options.seed, clock, options.pace ?? 1)
  const open: OpenAnswers = { count: 0 }
  const fetch = stormFetch(upstream, clock, open)
  const engines = enginesOver((id) => `http://${id}.storm/v1`, clock, options.seed, fetch)
  const storm = new Storm(options, clock, upstream, engines, 0)
  const over = storm.run()
  let finished = false
  void over
    .finally(() => {
      finished = true
    })
    .catch(() => undefined)
  await clock.runUntil(() => finished)
  await over
  const timers = await clock.drain(60_000)
  const { report } = storm
  report.leaks = [
    ...storm.leaks(),
    ...(timers > 0 ? [`${timers} timers`] : []),
    ...(open.count > 0 ? [`${open.count} answers that were neither read to their end nor let go of`] : []),
  ]
  await close(engines)
  return report
}

/** Plays the storm over real sockets, in time that passes `speed` times as fast. */
export async function stormOverHttp(
  options: StormOptions & { readonly speed: number },
): Promise<StormReport> {
  const clock = fastClock(options.speed)
  const upstream = new StormUpstream(options.seed, clock, options.pace ?? 1)
  const server = new StormServer(upstream, clock)
  const origin = await server.listen()
  const engines = enginesOver((id) => `${origin}/${id}/v1`, clock, options.seed)
  // Real time is never exact: 250 ms of it, as the engine sees them.
  const storm = new Storm(options, clock, upstream, engines, 250 * options.speed)
  try {
    await storm.run()
    const { report } = storm
    // Bodies that are let go of close their sockets a moment later.
    for (let turn = 0; turn < 100 && server.open > 0; turn += 1)
      await new Promise((resolve) => setTimeout(resolve, 20))
    const answers = server.open
    await close(engines)
    let sockets = await server.connections()
    for (let turn = 0; turn < 100 && sockets > 0; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      sockets = await server.connections()
    }
    report.leaks = [
      ...storm.leaks(),
      ...(answers > 0 ? [`${answers} answers still open`] : []),
      ...(sockets > 0 ? [`${sockets} sockets after close`] : []),
    ]
    return report
  } finally {
    await server.close()
  }
}

interface Engines {
  readonly 'same words': OpenMux
  readonly 'other words': OpenMux
}

function enginesOver(
  addressOf: (id: string) => string,
  clock: Clock,
  seed: number,
  fetch?: FetchLike,
): Engines {
  const engine = (group: readonly TargetSpec[], name: string): OpenMux => {
    const random = new Random(seed, 'engine', name)
    return createOpenMux({
      clock,
      random: () => random.next(),
      // Over real sockets requests come closer together than a local server would let them in.
      ...(fetch === undefined && {
        concurrency: Object.fromEntries(group.map(({ id }) => [id, 0])),
        timeouts: { totalMs: 120_000 },
      }),
      providers: group.map((spec) => providerOf(spec, addressOf(spec.id), fetch)),
    })
  }
  return {
    'same words': engine(SAME_WORDS, 'same'),
    'other words': engine(OTHER_WORDS, 'other'),
  }
}

function providerOf(
  { id, prefill, space, locality }: TargetSpec,
  baseURL: string,
  fetch?: FetchLike,
): Provider {
  return openaiCompatible({
    id,
    baseURL,
    locality,
    environment: {},
    models: [
      { id: `${id}-chat`, tasks: ['chat'], free: true },
      { id: `${id}-vectors`, tasks: ['embeddings'], free: true, space: SPACES[space] },
    ],
    supports: { prefill: prefill !== 'not-declared' },
    ...(fetch !== undefined && { fetch }),
  })
}

async function close(engines: Engines): Promise<void> {
  await Promise.all([engines['same words'].close(), engines['other words'].close()])
}

/** Sends the requests one after the other, many under way at a time, and keeps the score. */
class Storm {
  readonly report: StormReport
  readonly #options: StormOptions
  readonly #clock: Clock
  readonly #upstream: StormUpstream
  readonly #engines: Engines
  readonly #slackMs: number
  /** One signal for all callers who do not leave, as in a server: nothing may stay attached to it. */
  readonly #life = new AbortController()

  constructor(
    options: StormOptions,
    clock: Clock,
    upstream: StormUpstream,
    engines: Engines,
    slackMs: number,
  ) {
    this.#options = options
    this.#clock = clock
    this.#upstream = upstream
    this.#engines = engines
    this.#slackMs = slackMs
    setMaxListeners(0, this.#life.signal)
    this.report = {
      settled: 0,
      done: 0,
      failed: new Map(),
      violations: [],
      broken: new Map(),
      ordinary: 0,
      complete: 0,
      incomplete: [],
      resumed: new Map(),
      played: upstream.played,
      story: 0,
      heap: [],
      leaks: [],
    }
  }

  async run(): Promise<void> {
    const { requests, seed, pace = 1, onProgress } = this.#options
    const underWay = new Set<Promise<void>>()
    const every = Math.max(1, Math.floor(requests / HEAP_SAMPLES))
    for (let number = 0; number < requests; number += 1) {
      const request = stormRequest(seed, number)
      await new Promise<void>((resolve) => {
        this.#clock.after(request.afterMs / pace, resolve)
      })
      while (underWay.size >= AT_A_TIME) await Promise.race(underWay)
      const lives = this.#lives(request)
      const played: Promise<void> = play(
        this.#engines[request.group],
        request,
        this.#clock,
        this.#life.signal,
      ).then((one) => {
        underWay.delete(played)
        this.#keepScore(one, lives && this.#lives(request))
      })
      underWay.add(played)
      if (number % every === every - 1) {
        globalThis.gc?.()
        this.report.heap.push(process.memoryUsage().heapUsed)
        onProgress?.(this.report)
      }
    }
    await Promise.all(underWay)
  }

  /** Listeners that still hang on signals that outlive requests. */
  leaks(): readonly string[] {
    const left = getEventListeners(this.#life.signal, 'abort')
    return left.length > 0 ? [`${left.length} listeners`] : []
  }

  #lives(request: Parameters<typeof targetsOf>[0]): boolean {
    return this.#upstream.weather.someoneIsWell(targetsOf(request), this.#clock.now())
  }

  #keepScore(played: Played, lives: boolean): void {
    const { report } = this
    const { request, result, vectors, error, events } = played
    const seen = this.#upstream.seen(request.number)
    this.#upstream.forget(request.number)
    report.settled += 1
    this.#options.onPlayed?.(played, seen)
    if (result !== undefined || vectors !== undefined) report.done += 1
    if (error !== undefined) add(report.failed, error.code)
    for (const event of events)
      if (event.type === 'resumed') add(report.resumed, event.discard ? 'discard' : event.by)
    // The caller's own fault as the upstream sees it is final, whoever else lives.
    const refused = error?.code === 'bad-request' || error?.code === 'content-filter'
    if (
      request.ordinary &&
      lives &&
      !refused &&
      !seen.some(({ fault }) => ENDS_SHORT.has(fault) || fault === 'loop')
    ) {
      report.ordinary += 1
      if (result !== undefined) report.complete += 1
      else if (report.incomplete.length < 20) report.incomplete.push(request.number)
    }
    for (const violation of judge(played, seen, this.#slackMs)) {
      add(report.broken, violation.rule)
      if (report.violations.length < 50) report.violations.push({ ...violation, request: request.number })
    }
    report.story = hashOf(storyOf(played), report.story)
  }
}

/** The model or a filter ended the answer itself, and said so. */
const ENDS_SHORT = new Set(['early length', 'filtered in the middle'])

function storyOf({ request, result, vectors, error, startedAt, endedAt, events }: Played): string {
  const attempts = ((result ?? vectors ?? error)?.attempts ?? []).map(
    ({ provider, outcome, code, durationMs }) => `${provider} ${outcome} ${code ?? ''} ${durationMs}`,
  )
  const text = result?.text ?? error?.partial?.text ?? ''
  return [
    request.number,
    startedAt,
    endedAt,
    error?.code ?? 'done',
    hashOf(text),
    events.length,
    ...attempts,
  ].join('|')
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
