import type { ErrorCode, ErrorScope, NextStep } from '@openmux/core'
import type { StreamEnding } from '../server/stream-body.js'

/**
 * How sure a case is. `verified`: by the vendor's documentation or code, or seen from a real server. `captured`:
 * recorded from the live service by somebody and published. `uncertain`: inferred, or seen once.
 */
export type CorpusMark = 'verified' | 'captured' | 'uncertain'

/** The public door a case is read through: the factory of a provider. */
export type CorpusProvider =
  | 'openrouter'
  | 'hf-remote'
  | 'hf-endpoint'
  | 'hf-local'
  | 'ollama'
  | 'openai-compatible'

/** What was asked for when the answer came. `model-lookup`: who serves a model; `pull`, `download`: the files of a model. */
export type CorpusQuestion =
  | 'chat'
  | 'embeddings'
  | 'model-lookup'
  | 'model-list'
  | 'token-check'
  | 'pull'
  | 'download'

/**
 * Where the error stands. `status`: a failed status; `success`: the whole body of a 200; `choice`: inside a choice
 * of a 200; `mid-stream`: an event of a stream that began well.
 */
export type ErrorPlace = 'status' | 'success' | 'choice' | 'mid-stream'

/** What a right reader makes of the answer. */
export interface ExpectedError {
  readonly code: ErrorCode
  readonly scope: ErrorScope
  readonly next: NextStep
  /** ms from {@link CORPUS_NOW} to the moment the same call may work again; `never`, or `unknown`. */
  readonly waitMs: number | 'never' | 'unknown'
  /** The text that had arrived before a `mid-stream` error. */
  readonly text?: string
  /** Words the message must show. */
  readonly shows?: string
  /** Words the hint must hold. */
  readonly hints?: string
}

/** One failed answer of an upstream, exactly as it goes over the wire, and what it means. */
export interface UpstreamErrorCase {
  /** `<file>/<words>`; never reused for another answer. */
  readonly id: string
  /** For people, unique in its file. */
  readonly title: string
  /** Repository and path, document and section, issue or address it was taken from. */
  readonly source: string
  readonly mark: CorpusMark
  /** Default `chat`. */
  readonly asked?: CorpusQuestion
  /** The model asked for, where it matters. */
  readonly model?: string
  readonly appears: ErrorPlace
  readonly status: number
  /** Names in lower case. Default: the content type that fits. */
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is (`{key}` becomes the key of the request), or a value as JSON. Either this or `events`. */
  readonly body?: unknown
  /** The events of a stream, one packet each: a value as JSON in the upstream's framing, a text as it is. */
  readonly events?: readonly unknown[]
  /** How the stream ends after them. Default `end`. */
  readonly ending?: StreamEnding
  readonly expected: ExpectedError
}

/** One data file of the corpus. */
export interface UpstreamErrorFile {
  /** The service, for people. */
  readonly upstream: string
  readonly provider: CorpusProvider
  readonly cases: readonly UpstreamErrorCase[]
}

/** The moment every answer of the corpus comes: 2026-08-16, 12:00 UTC. Moments in headers and bodies are told from it. */
export const CORPUS_NOW = Date.UTC(2026, 7, 16, 12)
