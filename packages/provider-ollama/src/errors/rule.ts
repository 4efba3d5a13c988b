import type { ErrorVerdict, FailedAnswer } from '@openmux/http'

/** One row of the error table: what to look for in the server's words, and what it means. */
export interface ErrorRule {
  /** Matched against the server's message, in any case of letters. */
  readonly words: RegExp
  /** Statuses it applies to. Absent: any. */
  readonly statuses?: readonly number[]
  /** Paths it applies to. Absent: any. */
  readonly path?: RegExp
  readonly verdict: (found: FoundError) => ErrorVerdict
}

/** What a row is given to build its verdict from. */
export interface FoundError {
  /** The server's own words. */
  readonly text: string
  readonly match: RegExpExecArray
  readonly answer: FailedAnswer
  /** The model's name as people would type it, or "the model". */
  readonly model: string
}
