import type { Attempt } from '../contract/attempt.js'
import type { LimitReport } from '../contract/limit.js'
import type { Progress } from '../contract/progress.js'
import type { Timeouts } from '../contract/timeouts.js'
import type { Warning } from '../contract/warning.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import type { Emitter } from '../observe/emitter.js'
import type { OpenMuxEvent } from '../observe/event.js'
import { tellQuietly } from '../observe/tell-quietly.js'
import type { Candidate } from '../run/candidate.js'
import type { CandidateQueue } from '../run/candidate-queue.js'
import { Failover, type FailoverOptions } from '../run/failover.js'
import type { BegunRequest } from '../run/knowledge.js'
import type { RequestScope } from '../run/request-scope.js'
import type { Provenance, ResumedEvent } from './results.js'

/** What a {@link RunningRequest} is made of. */
export interface RunningRequestOptions {
  readonly id: string
  readonly streamed: boolean
  readonly scope: RequestScope
  readonly queue: CandidateQueue
  readonly timeouts: Partial<Timeouts>
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly failover: Omit<FailoverOptions, 'queue' | 'scope'>
  readonly emitter: Emitter
}

/** What an attempt reports while it runs. */
export interface AttemptListeners {
  readonly onFirstToken: (afterMs: number) => void
  readonly onEnd: (attempt: Attempt) => void
  readonly onLimit: (limit: LimitReport) => void
}

/** A request on its way: who may serve it, within which bounds, and what is told of it. */
export class RunningRequest {
  readonly scope: RequestScope
  readonly queue: CandidateQueue
  readonly timeouts: Partial<Timeouts>
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly failover: Failover
  readonly #options: RunningRequestOptions
  #attempts = 0

  constructor(options: RunningRequestOptions) {
    const { scope, queue } = options
    this.#options = options
    this.scope = scope
    this.queue = queue
    this.timeouts = options.timeouts
    const tell = options.onProgress
    this.onProgress = tell && ((progress) => tellQuietly(tell, progress))
    const { onFailedAttempt } = options.failover
    this.failover = new Failover({
      ...options.failover,
      queue,
      scope,
      onFailedAttempt: (attempt) => {
        // One that was cut short was told of as it ended.
        if (attempt.outcome === 'failed')
          this.#emit(() => ({ type: 'attempt-ended', ...this.#about(), attempt }))
        onFailedAttempt(attempt)
      },
    })
    const { task, reason } = queue.task
    this.#emit(() => ({
      type: 'request-started',
      ...this.#about(),
      task,
      taskReason: reason,
      streamed: options.streamed,
    }))
  }

  /** Tells that a candidate is asked, and gives what else is to be told of it. */
  tellAttempt(candidate: Candidate, begun: Pick<BegunRequest, 'learn'>): AttemptListeners {
    const number = (this.#attempts += 1)
    const target = { provider: candidate.provider.id, model: candidate.model }
    this.#emit(() => ({ type: 'attempt-started', ...this.#about(), ...target, number }))
    return {
      onFirstToken: (afterMs) =>
        this.#emit(() => ({ type: 'first-token', ...this.#about(), ...target, afterMs })),
      onEnd: (attempt) => {
        // A failed one is told once it is known what follows it.
        if (attempt.outcome !== 'failed')
          this.#emit(() => ({ type: 'attempt-ended', ...this.#about(), attempt }))
      },
      onLimit: (limit) => {
        begun.learn(limit)
        this.#emit(() => ({ type: 'limit-learned', ...this.#about(), ...target, limit }))
      },
    }
  }

  /** What the caller should know about how it was routed. */
  get warnings(): readonly Warning[] {
    if (!this.queue.wasOffline) return []
    return [{ kind: 'notice', message: 'There is no network: only what runs on this machine was asked.' }]
  }

  /** An answer that broke off goes on. */
  tellResumed({ provider, model, by, discard }: ResumedEvent): void {
    const event = { provider, model, by, discarded: discard }
    this.#emit(() => ({ type: 'answer-resumed', ...this.#about(), ...event }))
  }

  /** The request is over. */
  tellEnd({
    result,
    error,
  }: {
    readonly result?: Provenance & { firstTokenMs?: number }
    readonly error?: OpenMuxError
  }): void {
    this.#emit(() => ({
      type: 'request-ended',
      ...this.#about(),
      outcome: error === undefined ? 'answered' : error.code === 'aborted' ? 'aborted' : 'failed',
      attempts: this.#attempts,
      durationMs: this.scope.clock.now() - this.scope.startedAt,
      ...(error !== undefined && { code: error.code }),
      ...(result !== undefined && {
        provider: result.provider,
        model: result.model,
        decision: result.decision,
      }),
      ...(result?.usage !== undefined && { usage: result.usage }),
      ...(result?.firstTokenMs !== undefined && { firstTokenMs: result.firstTokenMs }),
    }))
  }

  #about(): { readonly request: string; readonly at: number } {
    return { request: this.#options.id, at: this.scope.clock.now() }
  }

  /** Events are only made for somebody. */
  #emit(make: () => OpenMuxEvent): void {
    const { emitter } = this.#options
    if (emitter.heard) emitter.emit(make())
  }
}
