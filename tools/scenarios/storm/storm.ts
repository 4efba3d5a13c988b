import { getEventListeners, setMaxListeners } from 'node:events'
import type { Clock } from '@openmux/core'
import type { Engines } from './engines.ts'
import { judge, type Violation } from './judge.ts'
import { play, type Played } from './play.ts'
import { hashOf } from './random.ts'
import { stormRequest, targetsOf } from './requests.ts'
import type { Seen } from './script.ts'
import type { StormUpstream } from './upstream.ts'

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

/** Sends the requests one after the other, many under way at a time, and keeps the score. */
export class Storm {
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
