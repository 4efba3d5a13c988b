/** Where one inference provider stands with a model (huggingface.js `InferenceProviderMappingEntry`). */
export interface HfDoubleServing {
  readonly provider: string
  readonly status: 'live' | 'staging' | 'error'
  readonly task: string
  readonly providerId?: string
  /** What `/v1/models` says beside: pricing, context_length, supports_tools, is_free, throughput … */
  readonly listed?: Readonly<Record<string, unknown>>
}

/** A model of the double. */
export interface HfDoubleModel {
  readonly id: string
  /** Who serves it; empty: nobody. */
  readonly serving: readonly HfDoubleServing[]
  /** What goes in and out, for chat models. Default: text. */
  readonly inputModalities?: readonly string[]
  /** Length of the vectors, for embedding models. Default 384. */
  readonly dimensions?: number
  readonly pipelineTag?: string
}

function chat(provider: string, listed: Readonly<Record<string, unknown>>): HfDoubleServing {
  return { provider, status: 'live', task: 'conversational', listed }
}

/** The models there are by default: real names, invented numbers. */
export const HF_DOUBLE_MODELS: readonly HfDoubleModel[] = [
  {
    id: 'openai/gpt-oss-120b',
    serving: [
      chat('groq', {
        context_length: 131_072,
        pricing: { input: 0.15, output: 0.75 },
        supports_tools: true,
        supports_structured_output: false,
        throughput: 450,
        is_free: false,
      }),
      chat('cerebras', {
        context_length: 65_536,
        pricing: { input: 0.25, output: 0.69 },
        supports_tools: true,
        supports_structured_output: true,
        throughput: 900,
        is_free: false,
      }),
      // No longer there: must not count.
      {
        provider: 'nebius',
        status: 'error',
        task: 'conversational',
        listed: { pricing: { input: 0, output: 0 }, is_free: true },
      },
    ],
  },
  {
    id: 'Qwen/Qwen3-Coder-30B-A3B-Instruct',
    serving: [
      chat('scaleway', {
        context_length: 128_000,
        pricing: { input: 0.2, output: 0.8 },
        supports_tools: true,
        supports_structured_output: true,
      }),
      chat('publicai', { context_length: 32_768, supports_tools: false, is_free: true }),
    ],
  },
  {
    id: 'swiss-ai/Apertus-8B-Instruct-2509',
    serving: [chat('publicai', { pricing: { input: 0, output: 0 }, supports_tools: false, is_free: true })],
  },
  {
    id: 'Qwen/Qwen2.5-VL-7B-Instruct',
    inputModalities: ['text', 'image'],
    serving: [chat('hyperbolic', { pricing: { input: 0.2, output: 0.2 } })],
  },
  {
    id: 'sentence-transformers/all-MiniLM-L6-v2',
    pipelineTag: 'sentence-similarity',
    serving: [{ provider: 'hf-inference', status: 'live', task: 'sentence-similarity' }],
  },
  {
    id: 'BAAI/bge-small-en-v1.5',
    pipelineTag: 'feature-extraction',
    serving: [{ provider: 'hf-inference', status: 'live', task: 'feature-extraction' }],
  },
  {
    id: 'BAAI/bge-m3',
    pipelineTag: 'feature-extraction',
    dimensions: 1_024,
    serving: [
      { provider: 'deepinfra', status: 'live', task: 'feature-extraction', providerId: 'BAAI/bge-m3-multi' },
    ],
  },
  {
    id: 'example/token-level-model',
    pipelineTag: 'feature-extraction',
    serving: [{ provider: 'hf-inference', status: 'live', task: 'feature-extraction' }],
  },
  // The two kinds of model the originals asked for: on the hub, served by nobody.
  { id: 'Salesforce/codegen-350M-mono', pipelineTag: 'text-generation', serving: [] },
  { id: 'microsoft/DialoGPT-medium', pipelineTag: 'text-generation', serving: [] },
  {
    id: 'example/staging-model',
    serving: [{ provider: 'novita', status: 'staging', task: 'conversational' }],
  },
]
