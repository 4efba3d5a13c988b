import type { ResponseHeaders } from '@openmux/http'

/** What a vendor says about an answer beside it. */
export interface AnswerMetadata {
  /** The model that really serves, where the usual member does not say. */
  readonly model?: string
  /** The id of the answer, where the usual member does not say. */
  readonly responseId?: string
  /** Who computes the answer, where the vendor passes requests on to others. */
  readonly servedBy?: string
  /** Told to the caller as warnings of kind `notice`: an answer out of a cache, for instance. */
  readonly notices?: readonly string[]
}

/** Reads metadata off the headers and the first piece of an answer (a chunk, or the whole answer). */
export type MetadataReader = (piece: unknown, headers: ResponseHeaders) => AnswerMetadata | undefined
