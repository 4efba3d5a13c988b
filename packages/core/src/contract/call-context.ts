import type { Clock } from './clock.js'
import type { LimitReport } from './limit.js'
import type { Progress } from './progress.js'

/** What every provider call gets beside its request. */
export interface CallContext {
  /** Aborted when the caller leaves, the deadline passes or another candidate is taken. */
  readonly signal: AbortSignal
  readonly clock: Clock
  /** Moment after which no answer is wanted, ms since 1970. Absent: no limit. */
  readonly deadline?: number
  /** Told about downloads, loads and queues. Must not throw. */
  readonly onProgress?: (progress: Progress) => void
  /** Told what an answer said about allowances, whether it succeeded or not. Must not throw. */
  readonly onLimit?: (limit: LimitReport) => void
}
