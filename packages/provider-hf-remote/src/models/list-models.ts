import { type CallContext, isOpenMuxError, type ModelCard } from '@openmux/core'
import type { RemoteEngine } from '../remote-engine.js'
import { embeddingCard, readEmbeddingList } from './read-embedding-list.js'
import { USUAL_EMBEDDING_MODEL } from './embedding-models.js'

const WAIT_MS = 10_000

/** Embedding models that `hf-inference` serves, by the hub's lists. When the hub cannot be asked, the usual one alone. */
export async function listEmbeddingModels(
  { hub }: RemoteEngine,
  context: CallContext,
): Promise<readonly ModelCard[]> {
  const timeouts = { headersMs: WAIT_MS, idleMs: WAIT_MS }
  const listOf = async (tag: string): Promise<unknown> => {
    const path = `/api/models?inference_provider=hf-inference&pipeline_tag=${tag}&limit=100`
    return (await hub.json({ path, context, timeouts })).value
  }
  try {
    return readEmbeddingList(
      ...(await Promise.all([listOf('feature-extraction'), listOf('sentence-similarity')])),
    )
  } catch (error) {
    if (isOpenMuxError(error) && error.code === 'aborted') throw error
    return [embeddingCard(USUAL_EMBEDDING_MODEL)]
  }
}
