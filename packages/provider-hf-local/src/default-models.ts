import type { EmbeddingSpace, Task } from '@openmux/core'
import type { Dtype } from './device-and-dtype.js'

/** A model we fetch when the user names none. */
export interface DefaultModel {
  readonly id: string
  readonly revision: string
  readonly tasks: readonly Task[]
  readonly dtype: Dtype
  /** About what is downloaded; the exact size is asked of the hub before a download begins. */
  readonly approximateBytes: number
  readonly parameters: number
  readonly contextTokens: number
  readonly space?: EmbeddingSpace
}

/**
 * SmolLM2 360M Instruct (Apache-2.0): small enough to fetch while one waits, tuned for chat, named in
 * the documentation of transformers.js. `onnx/model_quantized.onnx` is about 364 MB.
 */
export const DEFAULT_CHAT_MODEL: DefaultModel = {
  id: 'HuggingFaceTB/SmolLM2-360M-Instruct',
  revision: 'main',
  tasks: ['chat', 'code'],
  dtype: 'q8',
  approximateBytes: 368_000_000,
  parameters: 362_000_000,
  contextTokens: 8_192,
}

/**
 * all-MiniLM-L6-v2 (Apache-2.0): the usual small sentence embedding, 384 dimensions, mean pooling,
 * the example of transformers.js for `feature-extraction`. `onnx/model_quantized.onnx` is about 23 MB.
 */
export const DEFAULT_EMBEDDING_MODEL: DefaultModel = {
  id: 'Xenova/all-MiniLM-L6-v2',
  revision: 'main',
  tasks: ['embeddings'],
  dtype: 'q8',
  approximateBytes: 23_800_000,
  parameters: 22_700_000,
  contextTokens: 512,
  space: { model: 'all-minilm-l6-v2', dimensions: 384, pooling: 'mean', normalized: true },
}

/** Defaults we know facts of before they are fetched. */
export const DEFAULT_MODELS: readonly DefaultModel[] = [DEFAULT_CHAT_MODEL, DEFAULT_EMBEDDING_MODEL]
