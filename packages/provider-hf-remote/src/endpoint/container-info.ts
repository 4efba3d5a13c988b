import { type CallContext, type EmbeddingSpace, isOpenMuxError } from '@openmux/core'
import { objectOf, positiveOf, textOf } from '@openmux/http'
import type { EndpointEngine } from './endpoint-engine.js'

/** What a TEI container says of itself (text-embeddings-inference router/src/lib.rs, Info). */
export interface ContainerInfo {
  readonly model?: string
  /** The commit of the weights. */
  readonly revision?: string
  readonly pooling?: EmbeddingSpace['pooling']
  /** Most texts in one request. */
  readonly maxBatch?: number
  /** Longest text, in tokens. */
  readonly maxTokens?: number
}

const POOLINGS: Readonly<Record<string, EmbeddingSpace['pooling']>> = {
  mean: 'mean',
  cls: 'cls',
  last_token: 'last-token',
  lasttoken: 'last-token',
}

/** Reads the answer of `GET /info`. What is not told is absent. */
export function readInfo(value: unknown): ContainerInfo {
  const info = objectOf(value)
  const embedding = objectOf(objectOf(info?.['model_type'])?.['embedding'])
  const word = textOf(embedding?.['pooling'])?.toLowerCase() ?? ''
  const pooling = Object.hasOwn(POOLINGS, word) ? POOLINGS[word] : undefined
  const [model, revision] = [textOf(info?.['model_id']), textOf(info?.['model_sha'])]
  const [maxBatch, maxTokens] = [
    positiveOf(info?.['max_client_batch_size']),
    positiveOf(info?.['max_input_length']),
  ]
  return {
    ...(model === undefined ? {} : { model }),
    ...(revision === undefined ? {} : { revision }),
    ...(pooling === undefined ? {} : { pooling }),
    ...(maxBatch === undefined ? {} : { maxBatch }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
  }
}

/** Asks once; a container without `/info` (vLLM) tells nothing. Throws what asking throws otherwise. */
export function createInfoReader({
  client,
}: EndpointEngine): (context: CallContext, model?: string) => Promise<ContainerInfo> {
  let known: ContainerInfo | undefined
  return async (context, model) => {
    if (known !== undefined) return known
    try {
      const about = model === undefined ? {} : { model }
      const { value } = await client.json({
        path: '/info',
        context,
        timeouts: { headersMs: 15_000 },
        ...about,
      })
      known = readInfo(value)
    } catch (error) {
      if (!isOpenMuxError(error) || error.code !== 'not-found') throw error
      known = {}
    }
    return known
  }
}
