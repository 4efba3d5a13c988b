import type { TaskChoice } from '../classify/task-choice.js'
import { taskOfRequest } from '../classify/task-of-request.js'
import type { GenerationOptions } from '../contract/chat-request.js'
import { type Clock, systemClock } from '../contract/clock.js'
import type { LimitReport } from '../contract/limit.js'
import type { Message } from '../contract/message.js'
import type { Provider } from '../contract/provider.js'
import type { Readiness } from '../contract/readiness.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { LedgerKeeper } from '../ledger/ledger-keeper.js'
import { createLedger } from '../ledger/create-ledger.js'
import { Emitter } from '../observe/emitter.js'
import { tellQuietly } from '../observe/tell-quietly.js'
import { ContextNeed } from '../plan/context-need.js'
import { forcedProviders } from '../plan/forced-providers.js'
import { needOfRequest } from '../plan/need-of-request.js'
import { lifecycleNotice } from '../plan/lifecycle-notice.js'
import { orderProviders } from '../plan/order-providers.js'
import { type Floors, joinFloors, type Policy, readPolicy } from '../plan/policies.js'
import { readRouting, type Routing } from '../plan/routing.js'
import { leastOf } from '../plan/least-of-history.js'
import { type StatedSpaces, withStatedSpaces } from '../plan/space-statement.js'
import { CandidateQueue } from '../run/candidate-queue.js'
import { Connectivity } from '../run/connectivity.js'
import { settledWithin } from '../run/hedge-delay.js'
import { Knowledge } from '../run/knowledge.js'
import { DEFAULT_MAX_ATTEMPTS, DEFAULT_TOTAL_MS, LOCAL_CONCURRENCY } from '../run/limits.js'
import { Closing, RequestScope } from '../run/request-scope.js'
import type { OnBreak } from '../run/rescue.js'
import { Slots } from '../run/slots.js'
import { Survey } from '../run/survey.js'
import type { ChatInput, RoutingOptions } from './chat-input.js'
import { checkOptions } from './check-options.js'
import type { OpenMuxOptions } from './openmux.js'
import { RunningRequest } from './running-request.js'

/** Longest that requests wait for a store, ms: what comes later is taken in when it comes. */
const OPENING_MS = 5_000
/** Longest that saving waits for providers to close, ms. */
const CLOSING_MS = 3_000

/** What lives as long as the orchestrator: its providers, what is known of them, its clock. */
export class Engine {
  readonly providers: readonly Provider[]
  readonly stated: StatedSpaces
  readonly clock: Clock
  readonly surveys: ReadonlyMap<string, Survey>
  readonly forced: ReadonlySet<string>
  readonly slots: Slots
  readonly knowledge: Knowledge
  readonly emitter = new Emitter()
  /** Models that refused to be handed the beginning of an answer, by provider id and model. */
  readonly noPrefill = new Set<string>()
  readonly #options: OpenMuxOptions
  readonly #closing = new AbortController()
  /** The requests under way. */
  readonly #open = new Closing()
  readonly #noticed = new Set<string>()
  readonly #random: () => number
  readonly #keeper: LedgerKeeper | undefined
  #opened: Promise<void> | undefined
  #requests = 0

  constructor(options: OpenMuxOptions) {
    checkOptions(options)
    this.#options = options
    this.stated = withStatedSpaces(options.providers, options.spaces)
    this.providers = this.stated.providers
    this.clock = options.clock ?? systemClock
    this.forced = forcedProviders(options.forceEnabled, this.providers)
    this.#random = options.random ?? Math.random
    const byId = new Map(this.providers.map((provider) => [provider.id, provider]))
    const ledger = createLedger({ rules: (id, model) => byId.get(id)?.limits?.(model) ?? [] })
    this.#keeper = options.ledger?.(ledger, this.clock)
    this.knowledge = new Knowledge(
      ledger,
      new Connectivity(this.clock, options.online),
      this.clock,
      this.#random,
      () => this.#keeper?.changed(),
    )
    this.#opened =
      this.#keeper &&
      settledWithin(this.#keeper.opened, OPENING_MS, this.clock).then(() => {
        this.#opened = undefined
      })
    this.slots = new Slots(slotLimits(this.providers, options.concurrency))
    const { signal } = this.#closing
    this.surveys = new Map(
      this.providers.map((provider) => {
        const learn = (limit: LimitReport): void => this.knowledge.note(provider, limit)
        return [provider.id, new Survey(provider, this.clock, signal, learn)]
      }),
    )
  }

  /** Settles when what was kept is known again; undefined when it is already, or nothing was kept. */
  get opened(): Promise<void> | undefined {
    return this.#opened
  }

  /** Waits for {@link opened}, unless the caller leaves first. */
  async opening(signal: AbortSignal | undefined): Promise<void> {
    if (this.#opened !== undefined) await this.unlessLeft(this.#opened, signal)
  }

  /** Settles as `work` does, before a request has begun; fails when the caller leaves first. */
  async unlessLeft<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    const scope = this.scope(signal)
    try {
      return await scope.race(work)
    } finally {
      scope.end()
    }
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

  /** The task of a chat request; a promise only for a classifier that takes its time. */
  taskOf(input: ChatInput, messages: readonly Message[]): TaskChoice | Promise<TaskChoice> {
    const { classifier, classifierDeadlineMs } = this.#options
    // Whoever chats writes code, too: the task only says which model to take.
    if (input.model !== undefined && input.task === undefined)
      return { task: 'chat', reason: 'the model is named, so the task changes nothing' }
    return taskOfRequest(
      input.task,
      messages,
      {
        ...(classifier !== undefined && { classifier }),
        ...(classifierDeadlineMs !== undefined && { deadlineMs: classifierDeadlineMs }),
      },
      this.clock,
    )
  }

  /** The queue of candidates for a request, before anybody was asked anything. */
  queue(
    input: RoutingOptions & GenerationOptions & Pick<ChatInput, 'history' | 'task'>,
    choice: TaskChoice,
    messages: readonly Message[],
  ): CandidateQueue {
    const options = this.#options
    const history = input.history ?? 'refuse'
    const policy = policyOf(input, options)
    const localOnly = policy.floors.localOnly === true
    const need = needOfRequest(choice.task, localOnly ? { ...input, localOnly } : input, messages)
    const words = { ...input, prefer: input.prefer ?? options.prefer }
    const routing: Routing = {
      ...readRouting(words, need, policy, this.providers),
      lastResort: input.lastResort ?? options.lastResort ?? true,
      ...(input.task !== undefined && { givenTask: input.task }),
      ...(messages.length > 0 && {
        contextNeed: new ContextNeed(history === 'refuse' ? messages : leastOf(messages)),
        spoken: { named: input.languages ?? [], messages },
      }),
    }
    return new CandidateQueue(
      orderProviders(routing, this.providers, this.forced),
      routing,
      choice,
      this.surveys,
      this.knowledge,
    )
  }

  /** Starts the clock of a request. Its scope must be ended. */
  begin(input: RoutingOptions, queue: CandidateQueue, streamed: boolean): RunningRequest {
    const options = this.#options
    const timeouts = { ...options.timeouts, ...input.timeouts }
    const tell = input.onFailedAttempt
    return new RunningRequest({
      id: `request-${(this.#requests += 1)}`,
      streamed,
      scope: this.#scope(input.signal, timeouts.totalMs ?? DEFAULT_TOTAL_MS),
      queue,
      timeouts,
      onProgress: input.onProgress ?? options.onProgress,
      emitter: this.emitter,
      failover: {
        maxAttempts: input.maxAttempts ?? options.maxAttempts ?? DEFAULT_MAX_ATTEMPTS,
        impatient: input.impatient ?? options.impatient ?? false,
        random: this.#random,
        forget: (providerId) => this.surveys.get(providerId)?.forget(),
        onFailedAttempt: (attempt) => {
          if (tell !== undefined) tellQuietly(tell, attempt)
        },
      },
    })
  }

  /** What becomes of a stream that breaks off. */
  onBreak(input: ChatInput): OnBreak {
    return input.onBreak ?? this.#options.onBreak ?? 'continue'
  }

  /** Whether a late favourite may be raced. */
  mayHedge(input: ChatInput): boolean {
    return input.hedge ?? this.#options.hedge ?? true
  }

  /** How a provider stands, asked once for a while. */
  async readinessOf(provider: Provider): Promise<Readiness> {
    return this.surveyOf(provider).readiness()
  }

  /** What a provider's lifecycle has to tell those who use it, until it was told by an answer. */
  noticeOf(provider: Provider): string | undefined {
    return this.#noticed.has(provider.id) ? undefined : lifecycleNotice(provider)
  }

  /** An answer of the provider came to somebody, with what there was to tell. */
  noticed({ id }: Provider): void {
    this.#noticed.add(id)
  }

  async close(): Promise<void> {
    if (!this.closed) {
      this.#closing.abort()
      this.#open.close()
    }
    const closing = Promise.allSettled(this.providers.map(async (provider) => provider.close()))
    // What was learned is saved also when somebody never comes to an end.
    await settledWithin(closing, CLOSING_MS, this.clock)
    await this.#keeper?.close()
    const closed = await closing
    const failure = closed.find((result) => result.status === 'rejected')
    if (failure !== undefined) throw failure.reason
  }

  surveyOf({ id }: Provider): Survey {
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
    return new RequestScope(this.clock, totalMs, signal, this.#open)
  }
}

function slotLimits(
  providers: readonly Provider[],
  given: Readonly<Record<string, number>> = {},
): ReadonlyMap<string, number> {
  return new Map(
    providers.flatMap(({ id, locality }): [string, number][] => {
      const limit = given[id] ?? (locality === 'local' ? LOCAL_CONCURRENCY : 0)
      return limit > 0 ? [[id, limit]] : []
    }),
  )
}

/** The policy of a request with the floors of both. */
function policyOf(input: RoutingOptions, options: OpenMuxOptions): Policy {
  const { localOnly, zeroCost, minContextTokens } = input
  const policy = readPolicy(input.policy ?? options.policy)
  if (localOnly !== true && zeroCost !== true && minContextTokens === undefined) return policy
  const floors: Floors = {
    ...(localOnly === true && { localOnly }),
    ...(zeroCost === true && { zeroCost }),
    ...(minContextTokens !== undefined && { minContextTokens }),
  }
  return { ...policy, floors: joinFloors(policy.floors, floors) }
}
