import type { ErrorCode, FinishReason } from '@openmux/core'
import type { StreamEnding } from '../server/stream-body.js'

/**
 * How sure a fixture is. `verified`: by the vendor's documentation or code. `captured`: recorded from the live service
 * by somebody and published. `uncertain`: inferred, or seen once.
 */
export type FixtureMark = 'verified' | 'captured' | 'uncertain'

/** What a right reader makes of a fixture that is a whole answer. */
export interface ExpectedAnswer {
  readonly text: string
  readonly reasoning?: string
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[]
  readonly finish: FinishReason
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number }
}

/** What a right reader makes of a fixture that is a failure. */
export interface ExpectedFailure {
  readonly code: ErrorCode
  /** What was told before it failed. */
  readonly text?: string
}

/** One answer of a server of the OpenAI chat format, as it goes over the wire. */
export interface OpenAIFixture {
  readonly name: string
  /** Repository, document or recording it was taken from. */
  readonly source: string
  readonly mark: FixtureMark
  /** Whether the client asked for a stream. */
  readonly stream: boolean
  /** Default 200. */
  readonly status?: number
  /** Default: the content type that fits. */
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is, or a value as JSON. */
  readonly body?: unknown
  /** In place of `body`: texts of an event stream, one packet each. */
  readonly frames?: readonly string[]
  /** How the stream ends. Default `end`. */
  readonly ending?: StreamEnding
  readonly expected: ExpectedAnswer | ExpectedFailure
}

/** Whether a fixture is one that must be refused. */
export function isFailure(expected: ExpectedAnswer | ExpectedFailure): expected is ExpectedFailure {
  return 'code' in expected
}
