import type { Preset } from '@openmux/openai-compatible'
import { BASE_URL, KEY_PAGE, KEY_VARIABLE } from './settings.js'

/** Where OpenRouter differs from the format of OpenAI, as data. */
export const PRESET: Preset = {
  id: 'openrouter',
  name: 'OpenRouter',
  baseURL: BASE_URL,
  apiKeyVariable: KEY_VARIABLE,
  requiresKey: true,
  keyPage: KEY_PAGE,
  tasks: ['chat', 'code', 'embeddings'],
  hooks: {
    // The list is read by this package.
    modelsPath: null,
    quirks: {
      maxTokensField: 'max_completion_tokens',
      streamUsage: 'always',
      reasoning: 'object',
      reasoningOff: 'none',
      reasoningBack: 'reasoning',
      maxStops: 4,
    },
  },
  facts: [
    {
      fact: 'The base address is https://openrouter.ai/api/v1; keys begin with sk-or-.',
      mark: 'verified',
      source: 'OpenRouterTeam/docs api_reference/{overview,authentication}.mdx',
    },
    {
      fact: '`max_completion_tokens` is the limit, `max_tokens` is deprecated; at most 4 stop texts; `reasoning.effort` may be `none`.',
      mark: 'verified',
      source: 'OpenRouterTeam/docs openapi/openapi.yaml',
    },
    {
      fact: 'Usage always comes with a stream; `stream_options` has no effect.',
      mark: 'verified',
      source: 'OpenRouterTeam/docs api_reference/streaming.mdx',
    },
  ],
}
