import { defined, membersOf, textOf } from '@openmux/http'
import type { AnswerMetadata, MetadataReader } from '@openmux/openai-compatible'

/**
 * What OpenRouter tells beside an answer: the upstream that serves, an answer out of its cache, and the id for its
 * support, which is also in a header. Source: OpenRouterTeam/docs openapi/openapi.yaml, guides/features/response-caching.mdx.
 */
export const readMetadata: MetadataReader = (piece, headers): AnswerMetadata => {
  const chunk = membersOf(piece)
  const cached = headers['x-openrouter-cache-status']?.toUpperCase() === 'HIT'
  return {
    ...defined({
      responseId: textOf(chunk['id']) ?? textOf(headers['x-generation-id']),
      servedBy: textOf(chunk['provider']),
    }),
    ...(cached && { notices: ['Answered from the response cache of OpenRouter, without usage.'] }),
  }
}
