import type { EmbeddingSpace } from '@openmux/core'
import { defined } from '@openmux/http'
import { plainModelName } from '../names/model-name.js'
import type { OllamaModelInfo } from '../wire/show.js'

/** llama.cpp's numbers; 0 (none) and 4 (rank) make no text embeddings. */
const POOLING: Readonly<Record<number, EmbeddingSpace['pooling']>> = { 1: 'mean', 2: 'cls', 3: 'last-token' }

/**
 * The identity of a model's vectors. The digest pins weights and settings; `/api/embed` gives
 * vectors of length 1 whatever the model (server/routes.go, normalize).
 */
export function embeddingSpace(
  name: string,
  digest: string | undefined,
  info: OllamaModelInfo,
  dimensions: number,
): EmbeddingSpace {
  return {
    model: plainModelName(name),
    ...defined({ revision: digest }),
    dimensions,
    pooling: POOLING[info.poolingType ?? 0] ?? 'unknown',
    normalized: true,
  }
}
