import type { Preset } from './preset.js'

const LLAMA_README = 'ggml-org/llama.cpp tools/server/README.md'
const OLLAMA_COMPAT = 'ollama/ollama openai/openai.go and docs/api/openai-compatibility'
const VLLM_DOCS = 'docs.vllm.ai serving/openai_compatible_server'
const LM_STUDIO_DOCS = 'lmstudio.ai/docs/api/openai-api'

/** LM Studio's local server. */
export const lmStudio: Preset = {
  id: 'lm-studio',
  name: 'LM Studio',
  aliases: ['lmstudio'],
  baseURL: 'http://localhost:1234/v1',
  apiKeyVariable: 'LMSTUDIO_API_KEY',
  requiresKey: false,
  start: 'lms server start',
  hooks: { quirks: { jsonObject: false } },
  facts: [
    { fact: 'address, port 1234; chat, embeddings and models', mark: 'verified', source: LM_STUDIO_DOCS },
    {
      fact: '`lms server start` starts it',
      mark: 'verified',
      source: 'lmstudio.ai/docs/developer/core/server',
    },
    {
      fact: '`response_format` takes `json_schema` but not `json_object`',
      mark: 'captured',
      source: 'eyaltoledano/claude-task-master src/ai-providers/lmstudio.js',
    },
    {
      fact: 'variable of the key, needed only with "Require Authentication"',
      mark: 'captured',
      source: 'the same',
    },
  ],
}

/** `llama-server` of llama.cpp. */
export const llamaCpp: Preset = {
  id: 'llama-cpp',
  name: 'llama.cpp server',
  aliases: ['llamacpp', 'llama-server'],
  baseURL: 'http://127.0.0.1:8080/v1',
  apiKeyVariable: 'LLAMA_API_KEY',
  requiresKey: false,
  start: 'llama-server -m model.gguf',
  supports: { prefill: true },
  hooks: { quirks: { jsonSchema: 'json-object-schema' } },
  facts: [
    { fact: 'address, port 8080', mark: 'verified', source: LLAMA_README },
    { fact: 'a schema goes beside `json_object`', mark: 'verified', source: LLAMA_README },
    { fact: '`reasoning_effort: none` turns thinking off', mark: 'verified', source: LLAMA_README },
    {
      fact: 'an assistant message at the end is continued (off by `--no-prefill-assistant`), but refused with 400 for a model that thinks',
      mark: 'captured',
      source: 'ggml-org/llama.cpp pull request 13174, issues 15401 and 21889',
    },
    { fact: 'tools need `--jinja`', mark: 'verified', source: LLAMA_README },
    { fact: 'variable of the key (`--api-key`)', mark: 'uncertain', source: LLAMA_README },
  ],
}

/** vLLM's server. */
export const vllm: Preset = {
  id: 'vllm',
  name: 'vLLM',
  baseURL: 'http://localhost:8000/v1',
  apiKeyVariable: 'VLLM_API_KEY',
  requiresKey: false,
  start: 'vllm serve <model>',
  supports: { prefill: true },
  hooks: { quirks: { prefill: 'continue-final-message' } },
  facts: [
    { fact: 'address, port 8000', mark: 'verified', source: VLLM_DOCS },
    { fact: '`vllm serve` starts it, `--api-key` asks for a key', mark: 'verified', source: VLLM_DOCS },
    {
      fact: 'an assistant message at the end is continued with `continue_final_message` and without `add_generation_prompt`',
      mark: 'verified',
      source: 'vllm-project/vllm pull request 8942',
    },
    {
      fact: 'a model that cannot embed or chat says "does not support …"',
      mark: 'captured',
      source: 'vllm-project/vllm issues',
    },
    { fact: 'variable of the key', mark: 'uncertain', source: 'vllm-project/vllm vllm/envs.py' },
  ],
}

/** The `/v1` of Ollama. `@openmux/provider-ollama` speaks its native API and can do more. */
export const ollamaV1: Preset = {
  id: 'ollama-v1',
  name: 'Ollama (/v1)',
  baseURL: 'http://127.0.0.1:11434/v1',
  requiresKey: false,
  start: 'ollama serve',
  hooks: {
    quirks: {
      maxTokensField: 'max_tokens',
      requiredToolChoice: 'none',
      namedToolChoice: false,
      images: 'data',
      uniqueResponseIds: false,
    },
  },
  facts: [
    { fact: 'address, port 11434', mark: 'verified', source: OLLAMA_COMPAT },
    {
      fact: '`max_completion_tokens` and `tool_choice` are ignored',
      mark: 'verified',
      source: OLLAMA_COMPAT,
    },
    { fact: 'images only as data', mark: 'verified', source: OLLAMA_COMPAT },
    { fact: 'ids of answers are `chatcmpl-0` to `chatcmpl-998`', mark: 'verified', source: OLLAMA_COMPAT },
    { fact: 'an error in a stream becomes an end without `[DONE]`', mark: 'verified', source: OLLAMA_COMPAT },
  ],
}
