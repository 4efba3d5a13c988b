import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'
import { toOpenMuxError } from '../errors/to-openmux-error.js'
import type { CombineOptions, CombinePlan } from './combine-options.js'
import type { CombinableAnswer } from './combined.js'
import { countVotes, isDecided } from './vote.js'

/** What is known of one candidate when the asking is over. */
export interface Member<A> {
  readonly state: 'not-asked' | 'asked' | 'usable' | 'unusable' | 'failed' | 'cancelled'
  readonly startedAt?: number
  readonly durationMs?: number
  readonly answer?: A
  readonly error?: OpenMuxError
}

/** Asks one candidate. `signal` is aborted when its answer is not wanted any more. May throw at once or later. */
export type Ask<A> = (index: number, signal: AbortSignal) => Promise<A>

/**
 * Asks candidates until enough usable answers are there, the outcome is clear or nobody is left: at most
 * `memberCalls` calls, each candidate once, never more than `concurrency` at once. Who is then still under way is
 * cancelled and not waited for. Rejects only with `aborted` and the like, when the caller's signal is aborted.
 */
export function askPanel<A extends CombinableAnswer>(
  options: CombineOptions<A>,
  plan: CombinePlan,
  ask: Ask<A>,
): Promise<readonly Member<A>[]> {
  const { candidates, clock, signal } = options
  const usable = options.isUsable ?? ((answer: A) => answer.text.trim() !== '')
  const members: Member<A>[] = candidates.map(() => ({ state: 'not-asked' }))
  const controller = new AbortController()
  let next = 0
  let underWay = 0
  let halted = false
  let over = false

  return new Promise((resolve, reject) => {
    const end = (): void => {
      over = true
      signal?.removeEventListener('abort', leave)
      const now = clock.now()
      for (const [index, { state, startedAt = now }] of members.entries()) {
        if (state === 'asked') members[index] = { state: 'cancelled', startedAt, durationMs: now - startedAt }
      }
      controller.abort(new OpenMuxError({ code: 'aborted', message: 'Enough answers have come.' }))
    }
    const leave = (): void => {
      if (over) return
      end()
      reject(abortError(signal))
    }
    const ballots = (): { index: number; text: string }[] =>
      members.flatMap(({ state, answer }, index) =>
        state === 'usable' && answer !== undefined ? [{ index, text: answer.text }] : [],
      )
    const mayStart = (): number =>
      halted ? 0 : Math.max(0, Math.min(candidates.length, plan.memberCalls) - next)

    const isOver = (): boolean => {
      const cast = ballots()
      const toCome = Math.min(plan.wanted - cast.length, underWay + mayStart())
      // Enough have come, or nobody is left.
      if (toCome <= 0) return true
      // Not enough can come any more: what is still asked would be spent for nothing.
      if (cast.length + toCome < plan.quorum) return true
      if (options.strategy !== 'vote' || cast.length < plan.quorum) return false
      const [leading] = countVotes(cast)
      if (options.agree !== undefined && (leading?.members.length ?? 0) >= options.agree) return true
      return (options.stopWhenDecided ?? true) && isDecided(cast, toCome)
    }

    const settle = (
      index: number,
      startedAt: number,
      outcome: { answer: A } | { error: OpenMuxError },
    ): void => {
      if (over) return
      underWay -= 1
      const durationMs = clock.now() - startedAt
      if ('error' in outcome) {
        members[index] = { state: 'failed', startedAt, durationMs, error: outcome.error }
        // The request itself is at fault: others would say the same.
        if (outcome.error.next === 'nowhere' && outcome.error.fault === 'caller') halted = true
      } else {
        const { answer } = outcome
        try {
          members[index] = { state: usable(answer) ? 'usable' : 'unusable', startedAt, durationMs, answer }
        } catch (thrown) {
          // The caller's own judgement failed: nobody knows whether this one can be used.
          members[index] = { state: 'failed', startedAt, durationMs, error: toOpenMuxError(thrown) }
        }
      }
      go()
    }

    const go = (): void => {
      if (over) return
      if (isOver()) {
        end()
        resolve(members)
        return
      }
      const needed = plan.wanted + plan.extra - ballots().length
      while (underWay < Math.min(plan.concurrency, needed) && mayStart() > 0) start()
    }

    const start = (): void => {
      const index = next
      next += 1
      underWay += 1
      const startedAt = clock.now()
      members[index] = { state: 'asked', startedAt }
      const { provider, model } = candidates[index] ?? {}
      callSafely(() => ask(index, controller.signal)).then(
        (answer) => settle(index, startedAt, { answer }),
        (thrown: unknown) => settle(index, startedAt, { error: toOpenMuxError(thrown, provider, model) }),
      )
    }

    if (signal?.aborted === true) {
      over = true
      reject(abortError(signal))
      return
    }
    signal?.addEventListener('abort', leave, { once: true })
    go()
  })
}

/** A call whose throwing at once counts as failing later. */
export async function callSafely<T>(call: () => Promise<T>): Promise<T> {
  return call()
}

/** The reason a caller's signal was aborted for, as an error of ours. */
export function abortError(signal: AbortSignal | undefined): OpenMuxError {
  const reason: unknown = signal?.reason
  if (isOpenMuxError(reason)) return reason
  return new OpenMuxError({ code: 'aborted', message: 'The caller left.', cause: reason })
}
