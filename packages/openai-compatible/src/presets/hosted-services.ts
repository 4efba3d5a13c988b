import type { Task } from '@openmux/core'
import type { Preset } from './preset.js'

const CHAT_ONLY: readonly Task[] = ['chat', 'code']
const GROQ_DOCS = 'console.groq.com/docs/openai'
const VERCEL_MISTRAL = 'vercel/ai packages/mistral'
const TOGETHER_DOCS = 'docs.together.ai/docs/inference/openai-compatibility'
const GITHUB_RETIRED = 'github.com/orgs/community/discussions/203602 (announcement by GitHub)'

/** OpenAI itself. */
export const openai: Preset = {
  id: 'openai',
  name: 'OpenAI',
  baseURL: 'https://api.openai.com/v1',
  apiKeyVariable: 'OPENAI_API_KEY',
  requiresKey: true,
  keyPage: 'https://platform.openai.com/api-keys',
  hooks: { quirks: { maxTokensField: 'max_completion_tokens', maxStops: 4 } },
  facts: [
    {
      fact: 'address and variable of the key',
      mark: 'verified',
      source: 'openai/openai-node 7.57.0 client.js',
    },
    {
      fact: '`max_tokens` is deprecated, newer models refuse it',
      mark: 'verified',
      source: 'openai/openai-openapi 2.3.0',
    },
    { fact: 'at most 4 stop texts', mark: 'verified', source: 'openai/openai-node 7.57.0 completions.d.ts' },
  ],
}

/** Mistral's own platform. */
export const mistral: Preset = {
  id: 'mistral',
  name: 'Mistral',
  baseURL: 'https://api.mistral.ai/v1',
  apiKeyVariable: 'MISTRAL_API_KEY',
  requiresKey: true,
  keyPage: 'https://console.mistral.ai/api-keys',
  hooks: {
    quirks: {
      streamUsage: 'always',
      seedField: 'random_seed',
      requiredToolChoice: 'any',
      namedToolChoice: false,
      toolCallIds: 'nine-alphanumeric',
      reasoning: 'none',
    },
  },
  facts: [
    { fact: 'address', mark: 'captured', source: VERCEL_MISTRAL },
    {
      fact: 'variable of the key',
      mark: 'captured',
      source: 'promptfoo.dev/docs/providers/mistral, docs.livekit.io',
    },
    {
      fact: '`random_seed` in place of `seed`',
      mark: 'captured',
      source: 'the crate mistral-openapi-client, made from the description of Mistral',
    },
    {
      fact: '`tool_choice: any` in place of `required`',
      mark: 'captured',
      source: `${VERCEL_MISTRAL}, AWS Bedrock guide`,
    },
    { fact: 'content can be parts, with `thinking` among them', mark: 'captured', source: VERCEL_MISTRAL },
    { fact: 'usage comes unasked with the last chunk', mark: 'captured', source: VERCEL_MISTRAL },
    {
      fact: 'one named tool is forced by sending only that one with `any`',
      mark: 'captured',
      source: VERCEL_MISTRAL,
    },
    {
      fact: 'ids of tool calls are nine letters or digits',
      mark: 'uncertain',
      source: 'langchain-mistralai, by its conversion of ids',
    },
    {
      fact: 'an assistant message at the end is refused without `prefix: true`; whether the answer then repeats it is not known, so no prefill is promised',
      mark: 'captured',
      source: 'langchain-ai/langchain pull request 28846',
    },
    { fact: 'only few models take `reasoning_effort`', mark: 'captured', source: VERCEL_MISTRAL },
  ],
}

/** Together AI. */
export const together: Preset = {
  id: 'together',
  name: 'Together AI',
  aliases: ['together-ai'],
  baseURL: 'https://api.together.ai/v1',
  apiKeyVariable: 'TOGETHER_API_KEY',
  requiresKey: true,
  keyPage: 'https://api.together.ai/settings/api-keys',
  facts: [
    {
      fact: 'address (api.together.xyz is the older name) and variable of the key',
      mark: 'verified',
      source: TOGETHER_DOCS,
    },
    { fact: 'chat, vision and embeddings', mark: 'verified', source: TOGETHER_DOCS },
    {
      fact: 'the list of models is a bare array with `type`, `context_length` and `pricing`',
      mark: 'uncertain',
      source: 'Together API reference, from memory',
    },
  ],
}

/** Groq. */
export const groq: Preset = {
  id: 'groq',
  name: 'Groq',
  baseURL: 'https://api.groq.com/openai/v1',
  apiKeyVariable: 'GROQ_API_KEY',
  requiresKey: true,
  keyPage: 'https://console.groq.com/keys',
  tasks: CHAT_ONLY,
  supports: { prefill: true },
  facts: [
    { fact: 'address and variable of the key', mark: 'verified', source: GROQ_DOCS },
    {
      fact: '`logprobs`, `logit_bias` and names of messages are refused',
      mark: 'verified',
      source: GROQ_DOCS,
    },
    {
      fact: 'an assistant message at the end is continued, by any model that makes text from text',
      mark: 'verified',
      source: 'console.groq.com/docs/prefilling',
    },
    { fact: 'a temperature of 0 becomes 1e-8', mark: 'verified', source: GROQ_DOCS },
    {
      fact: 'no embeddings',
      mark: 'captured',
      source: 'docs.getbifrost.ai/providers/supported-providers/groq',
    },
  ],
}

/** Cerebras Inference. */
export const cerebras: Preset = {
  id: 'cerebras',
  name: 'Cerebras',
  baseURL: 'https://api.cerebras.ai/v1',
  apiKeyVariable: 'CEREBRAS_API_KEY',
  requiresKey: true,
  keyPage: 'https://cloud.cerebras.ai',
  tasks: CHAT_ONLY,
  hooks: { quirks: { maxTokensField: 'max_completion_tokens' } },
  facts: [
    {
      fact: 'address and variable of the key',
      mark: 'verified',
      source: 'inference-docs.cerebras.ai/resources/openai',
    },
    {
      fact: '`max_completion_tokens`',
      mark: 'captured',
      source: 'BerriAI/litellm litellm/llms/cerebras/chat.py',
    },
    {
      fact: 'no embeddings',
      mark: 'captured',
      source: 'docs.getbifrost.ai/providers/supported-providers/cerebras',
    },
    {
      fact: 'some models take only `auto` and `none` as `tool_choice`',
      mark: 'captured',
      source: 'hexdocs.pm/req_llm/cerebras',
    },
  ],
}

/** DeepInfra. */
export const deepinfra: Preset = {
  id: 'deepinfra',
  name: 'DeepInfra',
  baseURL: 'https://api.deepinfra.com/v1/openai',
  apiKeyVariable: 'DEEPINFRA_API_TOKEN',
  requiresKey: true,
  keyPage: 'https://deepinfra.com/dash/api_keys',
  facts: [
    {
      fact: 'address; chat and embeddings',
      mark: 'verified',
      source: 'deepinfra.com/docs/advanced/openai_api',
    },
    { fact: 'variable of the key', mark: 'captured', source: 'docs.langchain.com, DeepInfraEmbeddings' },
    {
      fact: 'prices and context under `metadata` in the list of models',
      mark: 'uncertain',
      source: 'DeepInfra API, from memory',
    },
  ],
}

/** GitHub Models, which was retired; kept so that those who name it learn why. */
export const githubModels: Preset = {
  id: 'github-models',
  name: 'GitHub Models',
  baseURL: 'https://models.github.ai/inference',
  apiKeyVariable: 'GITHUB_TOKEN',
  requiresKey: true,
  hooks: { modelsPath: null },
  lifecycle: {
    stage: 'disabled',
    since: '2026-07-30',
    reason: 'GitHub retired GitHub Models on 30 July 2026; its inference API no longer answers.',
    replacement: 'Use another preset with free use, OpenRouter, or a local server.',
    nextReview: '2027-02-01',
  },
  facts: [
    {
      fact: 'address; the list was elsewhere (`/catalog/models`)',
      mark: 'verified',
      source: 'docs.github.com/en/github-models/quickstart, GitHub changelog 2025-05-15',
    },
    { fact: 'retired on 2026-07-30', mark: 'verified', source: GITHUB_RETIRED },
    { fact: 'variable of the key', mark: 'captured', source: 'github/models-ai-sdk' },
  ],
}
