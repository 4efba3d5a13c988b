import type { Attempt, FollowedBy } from '../contract/attempt.js'
import { ERROR_CODES } from '../errors/error-codes.js'
import type { OpenMuxError } from '../errors/openmux-error.js'
import { failoverTo } from './attempt-record.js'
import type { Candidate } from './candidate.js'
import type { CandidateQueue } from './candidate-queue.js'
import { nextMove, shortPause } from './next-step.js'
import type { RequestScope } from './request-scope.js'

/** What {@link Failover} needs. */
export interface FailoverOptions {
  readonly queue: CandidateQueue
  readonly scope: RequestScope
  readonly maxAttempts: number
  /** Never wait for a candidate while another is ready. */
  readonly impatient: boolean
  readonly random: () => number
  /** What was believed about a provider is out of date. */
  readonly forget: (providerId: string) => void
  /** Told about every failed attempt with what follows it, before that happens. */
  readonly onFailedAttempt: (attempt: Attempt) => void
}

/**
 * Who is tried next, for one request: one attempt budget and one deadline for retries and failovers
 * together, before the first piece of an answer and after it. Ask for a {@link candidate}, try it, and report
 * a failure with {@link failed} before asking again.
 */
export class Failover {
  /** The failed attempts so far, in order. */
  readonly attempts: Attempt[] = []
  readonly #options: FailoverOptions
  readonly #errors: OpenMuxError[] = []
  #next: Candidate | undefined
  #current: Candidate | undefined
  #attemptsHere = 0
  #tooLong = 0
  /** How the request ends unless the last resort answers; set when that one is asked. */
  #end: OpenMuxError | undefined
  /** Failures that were told of. */
  #told = 0

  constructor(options: FailoverOptions) {
    this.#options = options
  }

  /** The candidate to try now, once it may be tried. Throws `no-candidate` when nobody can be. */
  async candidate(): Promise<Candidate> {
    const { queue, scope } = this.#options
    const candidate =
      this.#next ??
      (await queue.next(scope)) ??
      // Loaded by requests that end so.
      (await this.#lastResort((await import('./no-candidate.js')).noCandidate(queue.cut)))
    const wait = (candidate.notBefore ?? 0) - scope.clock.now()
    if (wait > 0) await scope.pause(wait)
    this.#attemptsHere = candidate === this.#current ? this.#attemptsHere + 1 : 1
    this.#current = candidate
    this.#next = undefined
    return candidate
  }

  /** Whether, if the present attempt failed, somebody else could still be asked. */
  async others(): Promise<boolean> {
    const { queue, scope, maxAttempts } = this.#options
    return this.attempts.length + 1 < maxAttempts && (await queue.hasNext(scope))
  }

  /** How many more attempts there may be when the present one fails. */
  get attemptsLeft(): number {
    return this.#options.maxAttempts - this.attempts.length - 1
  }

  /** Whoever was raced against the present candidate, or the present candidate itself, lost; it counts as an attempt. */
  rivalLost(attempt: Attempt, winner: Candidate, error?: OpenMuxError): void {
    const { queue } = this.#options
    this.attempts.push(attempt)
    if (error !== undefined) {
      this.#errors.push(error)
      this.#options.onFailedAttempt(attempt)
    }
    queue.mark(
      attempt,
      error === undefined ? 'not-tried' : 'failed',
      error?.message ?? 'lost a race for the first piece',
    )
    this.#current = winner
  }

  /** The present candidate was not asked: others go first, and it comes again behind them. */
  passOver(): void {
    if (this.#current !== undefined) this.#options.queue.putBehind(this.#current)
  }

  /** The present attempt failed and nothing more is to be tried. */
  ended(error: OpenMuxError, attempt: Attempt): void {
    this.attempts.push(attempt)
    this.#options.queue.mark(attempt, 'failed', error.message)
    this.#report()
  }

  /** The same candidate at once, asked in another way: its refusal says nothing about its health. */
  sameAgain(attempt: Attempt): boolean {
    if (this.attemptsLeft <= 0) return false
    this.attempts.push(attempt)
    this.#next = this.#current
    this.#report({ move: 'retry', waitMs: 0 })
    return true
  }

  /**
   * The present attempt failed with `error`. Returns once {@link candidate} may be asked again; throws the error
   * of the whole request when nothing more will be tried.
   */
  async failed(error: OpenMuxError, attempt: Attempt): Promise<void> {
    const told = this.#told
    try {
      await this.#goOn(error, attempt)
    } finally {
      // Also when the request ended while somebody else was looked for.
      if (this.#told === told) this.#report()
    }
  }

  async #goOn(error: OpenMuxError, attempt: Attempt): Promise<void> {
    const { queue, scope, random } = this.#options
    const candidate = this.#current
    this.#errors.push(error)
    const left = this.attemptsLeft
    this.attempts.push(attempt)
    queue.mark(attempt, 'failed', error.message)
    // It changes nothing about why nobody could answer.
    if (this.#end !== undefined && scope.failure === undefined) throw this.#end
    const move = nextMove({
      error,
      attemptsHere: this.#attemptsHere,
      attemptsLeft: left,
      // The last attempt is worth more with somebody who has not failed yet.
      impatient: left > 0 && (this.#options.impatient || left === 1) && (await queue.hasNext(scope)),
      now: scope.clock.now(),
      deadline: scope.deadline,
      random: random(),
    })
    // A larger window is worth one more try; a conversation that is too long for that one is too long.
    if (error.code === 'context-too-long' && (this.#tooLong += 1) > 1) throw await this.#summary(error)
    if (move.move === 'retry' && candidate !== undefined) {
      await this.#again(candidate, move.waitMs)
      return
    }
    if (move.move === 'failover') {
      if (candidate !== undefined) this.#giveUpOn(candidate, error)
      this.#next = await queue.next(scope)
      if (this.#next === undefined && candidate !== undefined && this.#mayTryAgain(error)) {
        // Nobody else is there: a second try at what may have been bad luck costs less than no answer.
        await this.#again(candidate, shortPause(random()))
        return
      }
    } else if (move.move === 'stop' && move.why === 'caller') throw error
    this.#next ??= await this.#lastResort(await this.#summary(error))
    this.#report(failoverTo(this.#next))
  }

  /** The last resort, which comes on top of every budget, once. Throws `end` when there is none. */
  async #lastResort(end: OpenMuxError): Promise<Candidate> {
    const { queue, scope } = this.#options
    const candidate = await queue.lastResort(scope, this.#errors)
    if (candidate === undefined) throw end
    this.#end = end
    return candidate
  }

  async #again(candidate: Candidate, waitMs: number): Promise<void> {
    this.#next = candidate
    this.#report({ move: 'retry', waitMs })
    await this.#options.scope.pause(waitMs)
  }

  #mayTryAgain(error: OpenMuxError): boolean {
    const { scope } = this.#options
    const brokeOff = error.code === 'truncated' || error.code === 'bad-response'
    const transient = brokeOff && ERROR_CODES[error.code].waitingHelps && error.until === undefined
    return transient && this.#attemptsHere === 1 && scope.clock.now() < scope.deadline
  }

  #giveUpOn(candidate: Candidate, error: OpenMuxError): void {
    const { queue, scope, forget } = this.#options
    const { id, locality } = candidate.provider
    forget(id)
    if (error.code === 'context-too-long') queue.needMoreContextThan(candidate, scope)
    // Another model behind the same door shares its fate: a wrong key stays wrong, a slow machine stays slow.
    const shared = error.scope !== 'model' && error.scope !== 'request'
    const slow = locality === 'local' && (error.code === 'timeout' || error.code === 'loading')
    if (!shared && !slow) return
    if (error.until === 'never') queue.dropProvider(id)
    // What may have been bad luck is tried again behind everybody else.
    else queue.demoteProvider(id)
  }

  /** Completes the record of the last failure with what follows it, and tells the listener. */
  #report(followedBy?: FollowedBy): void {
    this.#told += 1
    const last = this.attempts.pop()
    if (last === undefined) return
    const attempt: Attempt = followedBy === undefined ? last : { ...last, followedBy }
    this.attempts.push(attempt)
    this.#options.onFailedAttempt(attempt)
  }

  /** A single candidate that failed says best itself what is wrong. */
  async #summary(error: OpenMuxError): Promise<OpenMuxError> {
    const tried = new Set(this.attempts.map(({ provider, model }) => `${provider} ${model}`))
    if (tried.size === 1) return error
    const { allFailed } = await import('./all-failed.js')
    return allFailed(this.attempts, this.#errors)
  }
}
