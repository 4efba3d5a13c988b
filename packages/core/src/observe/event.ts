import type { Attempt } from '../contract/attempt.js'
import type { DecisionRecord } from '../contract/decision.js'
import type { LimitReport } from '../contract/limit.js'
import type { Task } from '../contract/task.js'
import type { Usage } from '../contract/usage.js'
import type { ErrorCode } from '../errors/error-codes.js'

/** What every event carries: the request it belongs to and the moment, ms since 1970. */
interface About {
  /** The same for all events of one request; unique in this process. */
  readonly request: string
  readonly at: number
}

/** A request was accepted. */
export interface RequestStarted extends About {
  readonly type: 'request-started'
  readonly task: Task
  readonly taskReason: string
  readonly streamed: boolean
}

/** A candidate is asked. */
export interface AttemptStarted extends About {
  readonly type: 'attempt-started'
  readonly provider: string
  readonly model: string
  /** 1 for the first of the request. */
  readonly number: number
}

/** The first piece of an answer came. */
export interface FirstToken extends About {
  readonly type: 'first-token'
  readonly provider: string
  readonly model: string
  /** From the start of the attempt, ms. */
  readonly afterMs: number
}

/** An attempt is over. A failed one says what follows (`attempt.followedBy`). */
export interface AttemptEnded extends About {
  readonly type: 'attempt-ended'
  readonly attempt: Attempt
}

/** An answer that broke off goes on elsewhere. */
export interface AnswerResumed extends About {
  readonly type: 'answer-resumed'
  readonly provider: string
  readonly model: string
  readonly by: 'prefill' | 'restart'
  /** The second text differs and replaces the first. */
  readonly discarded: boolean
}

/** A back end said what is left of an allowance. */
export interface LimitLearned extends About {
  readonly type: 'limit-learned'
  readonly provider: string
  readonly model: string
  readonly limit: LimitReport
}

/** An answer came from the cache, or went into it. */
export interface CacheUsed extends About {
  readonly type: 'cache-hit' | 'cache-stored'
}

/** A request is over. The last event of every request. */
export interface RequestEnded extends About {
  readonly type: 'request-ended'
  readonly outcome: 'answered' | 'failed' | 'aborted'
  readonly provider?: string
  readonly model?: string
  readonly code?: ErrorCode
  readonly attempts: number
  readonly durationMs: number
  readonly firstTokenMs?: number
  readonly usage?: Usage
  readonly decision?: DecisionRecord
}

/** Everything that is told about the work. Never a prompt, an answer or a key. */
export type OpenMuxEvent =
  | RequestStarted
  | AttemptStarted
  | FirstToken
  | AttemptEnded
  | AnswerResumed
  | LimitLearned
  | CacheUsed
  | RequestEnded

/** The names of events. */
export type OpenMuxEventType = OpenMuxEvent['type']
