import type { Clock } from '../contract/clock.js'
import type { Message } from '../contract/message.js'
import { OpenMuxError } from '../errors/openmux-error.js'
import { type CombinableAnswer, COMBINE_STRATEGIES, type CombineStrategy } from './combined.js'
import { notAsExpected } from '../plan/score-fault.js'
import { MOST_JUDGED } from './judge.js'

/** A candidate that may be asked, best first. */
export interface CombineCandidate {
  readonly provider: string
  readonly model: string
}

/** How a request is put to several models. */
export interface CombineOptions<A extends CombinableAnswer = CombinableAnswer> {
  readonly strategy: CombineStrategy
  /** In the order to ask. Later ones are asked only in place of those that fail. */
  readonly candidates: readonly CombineCandidate[]
  /** The conversation, for a judge or summariser. */
  readonly question: readonly Message[]
  readonly clock: Clock
  /** Usable answers wanted. Never more are used. Default: 1 for `first`, else 3, at most all candidates. */
  readonly answers?: number
  /** Fewest usable answers for a result. Default 1; `answers` when `exact`. */
  readonly quorum?: number
  /** Exactly `answers`, or an error. Default false. */
  readonly exact?: boolean
  /** Most calls in all, judge included. Default 8. */
  readonly maxCalls?: number
  /** Most under way at once. Default: as many as are wanted, and the extra ones. */
  readonly concurrency?: number
  /** How many more than needed are asked at once, for speed: the first usable ones count. Default 0. */
  readonly extra?: number
  /** For `vote`: stop as soon as the others cannot change who wins. Default true. */
  readonly stopWhenDecided?: boolean
  /** For `vote`: stop as soon as this many agree. */
  readonly agree?: number
  /** Draws the order in which a judge sees the answers. Default 1. */
  readonly seed?: number
  readonly signal?: AbortSignal
  /** Whether an answer counts. Default: it has text. */
  readonly isUsable?: (answer: A) => boolean
}

/** {@link CombineOptions} with every default filled in, and checked. */
export interface CombinePlan {
  readonly wanted: number
  readonly quorum: number
  /** Most calls to members: one less when a judge or summariser may be needed. */
  readonly memberCalls: number
  readonly concurrency: number
  readonly extra: number
}

/** Most calls of one combined request unless it says otherwise. */
export const DEFAULT_MAX_CALLS = 8

/** Whether a strategy asks one more model in the end. */
export function needsJudge(strategy: CombineStrategy): boolean {
  return strategy === 'best' || strategy === 'summary'
}

/**
 * Fills in and checks. Errors: `bad-request` with `field` for what cannot be, `no-candidate` when there are fewer
 * candidates than the quorum – before anybody is asked.
 */
export function planCombine<A extends CombinableAnswer>(options: CombineOptions<A>): CombinePlan {
  const { strategy, candidates, exact = false } = options
  if (!COMBINE_STRATEGIES.includes(strategy))
    throw notAsExpected('strategy', `one of ${COMBINE_STRATEGIES.join(', ')}`)
  whole('answers', options.answers, 1)
  whole('quorum', options.quorum, 1)
  whole('maxCalls', options.maxCalls, 1)
  whole('concurrency', options.concurrency, 1)
  whole('extra', options.extra, 0)
  whole('agree', options.agree, 1)
  const maxCalls = options.maxCalls ?? DEFAULT_MAX_CALLS
  const memberCalls = maxCalls - (needsJudge(strategy) ? 1 : 0)
  if (memberCalls < 1) throw notAsExpected('maxCalls', `at least 2 for ${strategy}: one call is the judge’s`)
  if (strategy === 'first' && (options.answers ?? 1) > 1) throw notAsExpected('answers', '1 for first')
  const usual = Math.min(3, memberCalls, Math.max(1, candidates.length))
  const wanted = options.answers ?? (strategy === 'first' ? 1 : Math.max(usual, options.quorum ?? 1))
  if (wanted > memberCalls)
    throw notAsExpected(
      'answers',
      `at most ${memberCalls}: maxCalls is ${maxCalls}${needsJudge(strategy) ? ', and one is the judge’s' : ''}`,
    )
  if (strategy === 'best' && wanted > MOST_JUDGED)
    throw notAsExpected('answers', `at most ${MOST_JUDGED} for best`)
  const quorum = Math.max(exact ? wanted : 1, options.quorum ?? 1)
  if (quorum > wanted) throw notAsExpected('quorum', `at most answers, ${wanted}`)
  if (candidates.length < quorum) throw tooFew(candidates.length, quorum)
  const extra = options.extra ?? 0
  return { wanted, quorum, memberCalls, extra, concurrency: options.concurrency ?? wanted + extra }
}

function tooFew(there: number, quorum: number): OpenMuxError {
  return new OpenMuxError({
    code: 'no-candidate',
    message: `${quorum} answers are needed, and there ${there === 1 ? 'is 1 candidate' : `are ${there} candidates`}.`,
    hint: 'Add providers or models, or ask for fewer answers.',
  })
}

function whole(field: string, value: number | undefined, least: number): void {
  if (value !== undefined && !(Number.isInteger(value) && value >= least))
    throw notAsExpected(field, `a whole number from ${least} up`)
}
