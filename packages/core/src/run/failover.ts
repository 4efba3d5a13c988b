import type { Attempt, FollowedBy } from '../contract/attempt.js'
import { attach } from '../errors/attach.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import type { PartialAnswer } from '../errors/partial-answer.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { Candidate, CandidateQueue } from './candidate-queue.js'
import { nextMove } from './next-step.js'
import { noCandidate } from './no-candidate.js'
import type { RequestScope } from './request-scope.js'

/** What {@link failOver} needs beside the work itself. */
export interface FailoverOptions {
  readonly queue: CandidateQueue
  readonly scope: RequestScope
  readonly maxAttempts: number
  readonly random: () => number
  /** What was believed about a provider is out of date. */
  readonly forget: (providerId: string) => void
  readonly onFailedAttempt: ((attempt: Attempt) => void) | undefined
}

/** One try that worked, and what led to it. */
export interface Success<T> {
  readonly value: T
  readonly candidate: Candidate
  readonly startedAt: number
  /** The failed tries before it. */
  readonly failed: readonly Attempt[]
}

/**
 * Tries candidates one after the other under one attempt budget and one deadline until `attempt`
 * succeeds. `others` tells it whether somebody else could still be asked.
 */
export async function failOver<T>(
  options: FailoverOptions,
  attempt: (candidate: Candidate, others: () => Promise<boolean>) => Promise<T>,
): Promise<Success<T>> {
  const { queue, scope, maxAttempts } = options
  const failed: Attempt[] = []
  const errors: OpenMuxError[] = []
  try {
    let candidate = await queue.next(scope)
    let attemptsHere = 0
    let last: OpenMuxError | undefined
    while (candidate !== undefined) {
      attemptsHere += 1
      const startedAt = scope.clock.now()
      try {
        const mayGoOn = failed.length + 1 < maxAttempts
        const others = async (): Promise<boolean> => mayGoOn && (await queue.hasNext(scope))
        return { value: await attempt(candidate, others), candidate, startedAt, failed }
      } catch (thrown) {
        last = toOpenMuxError(thrown, candidate.provider.id, candidate.model)
        errors.push(last)
      }
      const move = nextMove({
        error: last,
        attemptsHere,
        attemptsLeft: maxAttempts - failed.length - 1,
        now: scope.clock.now(),
        deadline: scope.deadline,
        random: options.random(),
      })
      failed.push(attemptRecord(candidate, startedAt, scope.clock.now(), last))
      queue.mark('failed', last.message)
      if (move.move === 'stop') {
        reportFailure(options, failed)
        throw move.why === 'budget' && failed.length > 1 ? allFailed(failed, errors) : last
      }
      if (move.move === 'retry') {
        reportFailure(options, failed, move)
        await scope.pause(move.waitMs)
        continue
      }
      giveUpOn(candidate, last, options)
      candidate = await queue.next(scope)
      reportFailure(options, failed, failoverTo(candidate))
      attemptsHere = 0
    }
    if (last === undefined) throw noCandidate(queue.cut, queue.decision())
    // A single candidate that failed says best itself what is wrong.
    throw new Set(failed.map(({ provider, model }) => `${provider} ${model}`)).size === 1
      ? last
      : allFailed(failed, errors)
  } catch (thrown) {
    throw attach(toOpenMuxError(thrown), { attempts: failed, decision: queue.decision() })
  }
}

/** The record of one try. */
export function attemptRecord(
  candidate: Candidate,
  startedAt: number,
  now: number,
  error?: OpenMuxError,
): Attempt {
  return {
    provider: candidate.provider.id,
    model: candidate.model,
    startedAt,
    durationMs: now - startedAt,
    outcome: error === undefined ? 'answered' : error.code === 'aborted' ? 'aborted' : 'failed',
    ...(error !== undefined && { code: error.code, message: error.message }),
  }
}

function giveUpOn(candidate: Candidate, error: OpenMuxError, options: FailoverOptions): void {
  options.forget(candidate.provider.id)
  // Another model behind the same broken door would only cost an attempt; a slow machine stays slow.
  const sameFate = error.scope !== 'model' && error.scope !== 'request'
  if (sameFate || error.code === 'timeout' || error.code === 'loading')
    options.queue.dropProvider(candidate.provider.id)
}

function failoverTo(candidate: Candidate | undefined): FollowedBy | undefined {
  return candidate && { move: 'failover', provider: candidate.provider.id, model: candidate.model }
}

/** Completes the record of the last failure with what follows it, and tells the listener. */
function reportFailure(options: FailoverOptions, failed: Attempt[], followedBy?: FollowedBy): void {
  const last = failed.pop()
  if (last === undefined) return
  const attempt: Attempt = followedBy === undefined ? last : { ...last, followedBy }
  failed.push(attempt)
  try {
    options.onFailedAttempt?.(attempt)
  } catch {
    // A listener's fault must not cost the answer.
  }
}

function allFailed(failed: readonly Attempt[], errors: readonly OpenMuxError[]): OpenMuxError {
  const stories = failed.map(
    ({ provider, model, code, message }) => `${provider}/${model}: ${message ?? ''} (${code ?? ''})`,
  )
  const times = errors.flatMap(({ until }) => (typeof until === 'number' ? [until] : []))
  const until =
    times.length > 0
      ? Math.min(...times)
      : errors.every((error) => error.until === 'never')
        ? 'never'
        : undefined
  const partial = errors
    .flatMap((error) => (error.partial === undefined ? [] : [error.partial]))
    .reduce<PartialAnswer | undefined>(
      (best, next) => (best !== undefined && best.text.length >= next.text.length ? best : next),
      undefined,
    )
  return new OpenMuxError({
    code: 'all-failed',
    message: `Every candidate failed. ${stories.join('; ')}`,
    hint: errors.at(-1)?.hint,
    remedies: [...new Set(errors.map((error) => error.hint))],
    until,
    partial,
    cause: errors.at(-1),
  })
}
