import type { EmbeddingSpace } from './embedding-space.js'
import type { Usage } from './usage.js'

/** An embedding request as a provider receives it. */
export interface EmbedRequest {
  readonly model: string
  /** At least one text. Vectors come back in this order. */
  readonly inputs: readonly string[]
  /** The caller's floor, as in a chat request: the texts must not leave this machine. */
  readonly localOnly?: boolean
  /** Shorter vectors from models trained for it; refused with `unsupported` elsewhere. */
  readonly dimensions?: number
  /** What the texts are, for models that treat queries and documents differently. */
  readonly purpose?: 'query' | 'document'
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** What a provider answers: one vector an input, all of `space.dimensions` numbers. */
export interface EmbedResponse {
  readonly vectors: readonly (readonly number[])[]
  readonly space: EmbeddingSpace
  /** The model that served, as the back end names it. */
  readonly model: string
  readonly usage?: Usage
}
