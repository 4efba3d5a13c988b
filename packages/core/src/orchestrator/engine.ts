import { taskOfInput } from '../classify/task-of-input.js'
import type { GenerationOptions } from '../contract/chat-request.js'
import { type Clock, systemClock } from '../contract/clock.js'
import type { Message } from '../contract/message.js'
import type { Progress } from '../contract/progress.js'
import type { Provider } from '../contract/provider.js'
import type { Readiness } from '../contract/readiness.js'
import type { Task } from '../contract/task.js'
import type { Timeouts } from '../contract/timeouts.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { needOfRequest } from '../plan/need-of-request.js'
import { orderProviders } from '../plan/order-providers.js'
import { readRouting } from '../plan/routing.js'
import { CandidateQueue } from '../run/candidate-queue.js'
import type { FailoverOptions } from '../run/failover.js'
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_TOTAL_MS } from '../run/limits.js'
import { RequestScope } from '../run/request-scope.js'
import { Survey } from '../run/survey.js'
import type { RoutingOptions } from './chat-input.js'
import type { OpenMuxOptions } from './openmux.js'

/** A request on its way: who may serve it, within which bounds. */
export interface RunningRequest {
  readonly scope: RequestScope
  readonly queue: CandidateQueue
  readonly timeouts: Partial<Timeouts>
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly failover: FailoverOptions
}

/** What lives as long as the orchestrator: its providers, what is known of them, its clock. */
export class Engine {
  readonly providers: readonly Provider[]
  readonly clock: Clock
  readonly surveys: ReadonlyMap<string, Survey>
  readonly forced: ReadonlySet<string>
  readonly #options: OpenMuxOptions
  readonly #closing = new AbortController()
  readonly #noticed = new Set<string>()

  constructor(options: OpenMuxOptions) {
    checkProviders(isObject(options) ? options.providers : undefined)
    this.#options = options
    this.providers = [...options.providers]
    this.clock = options.clock ?? systemClock
    this.forced = new Set(options.forceEnabled)
    const { signal } = this.#closing
    this.surveys = new Map(
      this.providers.map((provider) => [provider.id, new Survey(provider, this.clock, signal)]),
    )
  }

  /** Whether a provider takes part. */
  isEnabled({ id, lifecycle }: Provider): boolean {
    return lifecycle.stage !== 'disabled' || this.forced.has(id)
  }

  get closed(): boolean {
    return this.#closing.signal.aborted
  }

  /** A scope for something that is not routed: a listing, a probe. */
  scope(signal: AbortSignal | undefined): RequestScope {
    return this.#scope(signal, this.#options.timeouts?.totalMs ?? DEFAULT_TOTAL_MS)
  }

  /** The queue of candidates for a request, before anybody was asked anything. */
  queue(
    input: RoutingOptions & GenerationOptions,
    task: Task | undefined,
    messages: readonly Message[],
  ): CandidateQueue {
    const choice = taskOfInput(task)
    const words = { ...input, prefer: input.prefer ?? this.#options.prefer }
    const routing = readRouting(words, needOfRequest(choice.task, input, messages), this.providers)
    return new CandidateQueue(
      orderProviders(routing, this.providers, this.forced),
      routing,
      choice,
      this.surveys,
    )
  }

  /** Starts the clock of a request. Its scope must be ended. */
  begin(input: RoutingOptions, queue: CandidateQueue): RunningRequest {
    const timeouts = { ...this.#options.timeouts, ...input.timeouts }
    const scope = this.#scope(input.signal, timeouts.totalMs ?? DEFAULT_TOTAL_MS)
    return {
      scope,
      queue,
      timeouts,
      onProgress: input.onProgress ?? this.#options.onProgress,
      failover: {
        queue,
        scope,
        maxAttempts: input.maxAttempts ?? this.#options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
        random: this.#options.random ?? Math.random,
        forget: (providerId) => this.surveys.get(providerId)?.forget(),
        onFailedAttempt: input.onFailedAttempt,
      },
    }
  }

  /** How a provider stands, asked once for a while. */
  async readinessOf(provider: Provider): Promise<Readiness> {
    return this.#surveyOf(provider).readiness()
  }

  /** The lifecycle notice of a provider, the first time it is used. */
  noticeOf(provider: Provider): string | undefined {
    const { notice } = provider.lifecycle
    if (notice === undefined || this.#noticed.has(provider.id)) return undefined
    this.#noticed.add(provider.id)
    return notice
  }

  async close(): Promise<void> {
    if (!this.closed) this.#closing.abort()
    const closed = await Promise.allSettled(this.providers.map((provider) => provider.close()))
    const failure = closed.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  #surveyOf({ id }: Provider): Survey {
    const survey = this.surveys.get(id)
    if (survey === undefined) throw new Error(`no survey of ${id}`)
    return survey
  }

  #scope(signal: AbortSignal | undefined, totalMs: number): RequestScope {
    if (this.closed) {
      throw new OpenMuxError({
        code: 'aborted',
        message: 'This OpenMux was closed.',
        hint: 'Create a new one.',
      })
    }
    return new RequestScope(this.clock, totalMs, signal, this.#closing.signal)
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function checkProviders(providers: readonly Provider[] | undefined): void {
  if (providers === undefined || !Array.isArray(providers)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'providers',
      message: 'providers must be an array of providers.',
      hint: 'For example: createOpenMux({ providers: [provider()] }).',
    })
  }
  const ids = new Set<string>()
  for (const [index, provider] of providers.entries()) {
    const contract: unknown = provider?.contract
    if (contract !== 1) {
      throw new OpenMuxError({
        code: 'bad-config',
        field: `providers[${index}]`,
        message: `providers[${index}] is not a provider of contract 1.`,
        hint: 'Call the factory (provider(), not provider), and use versions of core and provider that belong together.',
      })
    }
    if (ids.has(provider.id)) {
      throw new OpenMuxError({
        code: 'bad-config',
        field: `providers[${index}].id`,
        message: `Two providers have the id "${provider.id}".`,
        hint: 'Give one of them an id of its own.',
      })
    }
    ids.add(provider.id)
  }
}
