import { type CallContext, type EmbedRequest, isOpenMuxError, OpenMuxError } from '@openmux/core'
import { notServed } from '../mapping/not-served.js'
import { liveFor, type Serving } from '../mapping/read-mapping.js'
import { isModelId, type ModelReference, readModelReference } from '../models/model-reference.js'
import type { RemoteEngine } from '../remote-engine.js'

/** Routes of embeddings by provider, the preferred first (huggingface.js packages/inference/src/providers). */
export const EMBEDDING_ROUTES = {
  'hf-inference': undefined,
  deepinfra: '/deepinfra/v1/openai/embeddings',
  together: '/together/v1/embeddings',
  scaleway: '/scaleway/v1/embeddings',
} as const satisfies Record<string, string | undefined>

type RoutedProvider = keyof typeof EMBEDDING_ROUTES

/** Who is to make the embeddings. */
export interface EmbeddingServer {
  readonly reference: ModelReference
  readonly provider: RoutedProvider
  /** The model's name at that provider. */
  readonly providerId: string
}

/**
 * Looks up who serves the model and takes the first that has a route. When the hub cannot be asked, `hf-inference`
 * is tried, which needs no lookup. Throws `model-not-found`, `model-not-served` and `unsupported`.
 */
export async function chooseServer(
  { mapping, id: provider }: RemoteEngine,
  { model }: EmbedRequest,
  context: CallContext,
): Promise<EmbeddingServer> {
  const reference = readModelReference(model)
  if (!isModelId(reference.id)) throw malformed(provider, model)
  let servings: readonly Serving[]
  try {
    servings = await mapping.servings(reference.id, context)
  } catch (error) {
    const canDoWithout = reference.provider === undefined || reference.provider === 'hf-inference'
    if (
      !isOpenMuxError(error) ||
      error.code === 'aborted' ||
      error.code === 'model-not-found' ||
      !canDoWithout
    )
      throw error
    return { reference, provider: 'hf-inference', providerId: reference.id }
  }
  const live = liveFor(servings, 'embeddings')
  const wanted = Object.keys(EMBEDDING_ROUTES)
    .filter(isRouted)
    .filter((name) => reference.provider === undefined || name === reference.provider)
  for (const name of wanted) {
    const serving = live.find((one) => one.provider === name)
    if (serving !== undefined)
      return { reference, provider: name, providerId: serving.providerId ?? reference.id }
  }
  throw notServed({ provider, model, reference, task: 'embeddings', servings })
}

function isRouted(name: string): name is RoutedProvider {
  return Object.hasOwn(EMBEDDING_ROUTES, name)
}

function malformed(provider: string, model: string): OpenMuxError {
  return new OpenMuxError({
    code: 'model-not-found',
    provider,
    model,
    field: 'model',
    message: 'This cannot be the name of a model on the hub.',
    hint: 'A name looks like sentence-transformers/all-MiniLM-L6-v2.',
  })
}
