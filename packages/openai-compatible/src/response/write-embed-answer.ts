import type { EmbedResponse } from '@openmux/core'
import type { EmbeddingEncoding, WireEmbedAnswer } from '../wire/embeddings.js'
import { floatsToBase64 } from './base64-floats.js'

/**
 * Vectors as the body of an answer. The encoding must be the one asked for: the `openai` client takes numbers for
 * bytes when it asked for base64, and hands out garbage without an error.
 */
export function writeEmbedAnswer(
  { vectors, model, usage }: Pick<EmbedResponse, 'vectors' | 'model' | 'usage'>,
  encoding: EmbeddingEncoding,
): WireEmbedAnswer {
  const tokens = usage?.inputTokens ?? 0
  return {
    object: 'list',
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: encoding === 'base64' ? floatsToBase64(vector) : vector,
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}
