import type { EmbeddingSpace } from '@openmux/core'
import { spaceName } from './model-reference.js'

/** What is known of an embedding model's vectors. */
export interface EmbeddingFacts {
  readonly pooling: 'mean' | 'cls'
  readonly dimensions: number
}

const mean = (dimensions: number): EmbeddingFacts => ({ pooling: 'mean', dimensions })
const cls = (dimensions: number): EmbeddingFacts => ({ pooling: 'cls', dimensions })

/**
 * Pooling and length by model, from each one's `1_Pooling/config.json` on the hub. Only models whose vectors are
 * nothing but their pooled tokens: where a dense layer follows, pooling by hand would give something else.
 */
const FACTS: Readonly<Record<string, EmbeddingFacts>> = {
  'sentence-transformers/all-minilm-l6-v2': mean(384),
  'sentence-transformers/all-minilm-l12-v2': mean(384),
  'sentence-transformers/all-mpnet-base-v2': mean(768),
  'sentence-transformers/multi-qa-minilm-l6-cos-v1': mean(384),
  'sentence-transformers/paraphrase-minilm-l6-v2': mean(384),
  'sentence-transformers/paraphrase-multilingual-minilm-l12-v2': mean(384),
  'intfloat/e5-small-v2': mean(384),
  'intfloat/e5-base-v2': mean(768),
  'intfloat/e5-large-v2': mean(1_024),
  'intfloat/multilingual-e5-small': mean(384),
  'intfloat/multilingual-e5-base': mean(768),
  'intfloat/multilingual-e5-large': mean(1_024),
  'thenlper/gte-small': mean(384),
  'thenlper/gte-base': mean(768),
  'thenlper/gte-large': mean(1_024),
  'baai/bge-small-en-v1.5': cls(384),
  'baai/bge-base-en-v1.5': cls(768),
  'baai/bge-large-en-v1.5': cls(1_024),
  'baai/bge-m3': cls(1_024),
  'mixedbread-ai/mxbai-embed-large-v1': cls(1_024),
}

/** The default for embeddings, when the hub lists it. */
export const USUAL_EMBEDDING_MODEL = 'sentence-transformers/all-MiniLM-L6-v2'

/** What is known of a model; undefined for most. */
export function embeddingFacts(id: string): EmbeddingFacts | undefined {
  const name = id.toLowerCase()
  return Object.hasOwn(FACTS, name) ? FACTS[name] : undefined
}

/** The space of a model whose facts are known. Vectors are always brought to length 1 (see `embed/unit-length.ts`). */
export function knownSpace(id: string): EmbeddingSpace | undefined {
  const facts = embeddingFacts(id)
  return facts === undefined ? undefined : { model: spaceName(id), ...facts, normalized: true }
}
