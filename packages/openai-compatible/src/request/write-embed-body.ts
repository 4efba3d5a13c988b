import type { EmbedRequest } from '@openmux/core'
import { defined } from '@openmux/http'
import type { EmbedBody } from '../wire/embeddings.js'
import { DEFAULT_QUIRKS, type OpenAIQuirks } from './quirks.js'

/** The body of `POST /embeddings` for a request. `purpose` has no word in the format. */
export function writeEmbedBody(request: EmbedRequest, quirks: Partial<OpenAIQuirks> = {}): EmbedBody {
  const { embeddingEncoding } = { ...DEFAULT_QUIRKS, ...quirks }
  return {
    model: request.model,
    input: request.inputs,
    ...(embeddingEncoding === 'none' ? {} : { encoding_format: embeddingEncoding }),
    ...defined({ dimensions: request.dimensions }),
  }
}
