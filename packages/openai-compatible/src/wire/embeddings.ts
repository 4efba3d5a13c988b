import type { JsonObject } from '@openmux/http'
import type { WireUsage } from './usage.js'

/** How vectors travel: numbers, or little-endian 32-bit floats as base64. */
export type EmbeddingEncoding = 'float' | 'base64'

/** The body of `POST /embeddings` (openai-openapi 2.3.0, CreateEmbeddingRequest). */
export interface EmbedBody extends JsonObject {
  readonly model: string
  readonly input: readonly string[]
  readonly encoding_format?: EmbeddingEncoding
  readonly dimensions?: number
}

/** The answer of `POST /embeddings` as we write it (openai-openapi 2.3.0, CreateEmbeddingResponse). */
export interface WireEmbedAnswer {
  readonly object: 'list'
  readonly data: readonly {
    readonly object: 'embedding'
    readonly index: number
    readonly embedding: readonly number[] | string
  }[]
  readonly model: string
  readonly usage: Pick<WireUsage, 'prompt_tokens' | 'total_tokens'>
}
