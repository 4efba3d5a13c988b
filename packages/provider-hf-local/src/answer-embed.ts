import type { CallContext, EmbedRequest, EmbedResponse } from '@openmux/core'
import { failure, throwIfAborted } from './failures.js'
import { spaceOf, vectorSettings } from './model-cards.js'
import type { ModelStore } from './models/model-store.js'

/** Texts of a batch when the weights are exact; 8-bit weights take each text for itself, see below. */
const BATCH_SIZE = 16
/** Window of a model that does not say its own, tokens. */
const UNKNOWN_WINDOW = 512

/** Embeds texts that were checked. Throws the errors of `Provider.embed`. */
export async function answerEmbed(
  request: EmbedRequest,
  context: CallContext,
  store: ModelStore,
): Promise<EmbedResponse> {
  throwIfAborted(context.signal, request.model)
  const { target, prepared, host, wishes } = await store.open(request.model, context)
  const { found, weights } = prepared
  if (found.task !== 'embeddings') {
    throw failure('unsupported', `${target.id} is a chat model and makes no embeddings.`, {
      model: target.id,
      field: 'model',
    })
  }
  if (request.dimensions !== undefined && request.dimensions !== found.dimensions) {
    throw failure(
      'unsupported',
      `Vectors of ${target.id} cannot be shortened to ${request.dimensions} dimensions.`,
      { model: target.id, field: 'dimensions' },
    )
  }
  const vectors = vectorSettings(found, wishes)
  const prefix = request.purpose === undefined ? '' : (found.prompts[request.purpose] ?? '')
  const result = await host.embed(
    prepared,
    {
      inputs: request.inputs.map((input) => prefix + input),
      pooling: vectors.pooling,
      normalize: vectors.normalize,
      contextTokens: wishes?.contextTokens ?? found.contextTokens ?? UNKNOWN_WINDOW,
      // 8-bit models scale their numbers by the largest in the batch (dynamic quantisation): a
      // text's vector would depend on its neighbours.
      batchSize: weights.dtype.endsWith('8') ? 1 : BATCH_SIZE,
    },
    context,
  )
  return {
    model: target.id,
    vectors: rows(result.data, result.dimensions),
    space: spaceOf(target.id, found, vectors, result.dimensions),
    usage: { inputTokens: result.inputTokens, outputTokens: 0 },
  }
}

function rows(data: Float32Array, dimensions: number): number[][] {
  const vectors: number[][] = []
  for (let start = 0; start < data.length; start += dimensions)
    vectors.push([...data.subarray(start, start + dimensions)])
  return vectors
}
