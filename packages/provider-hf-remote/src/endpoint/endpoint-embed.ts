import { type CallContext, type EmbedRequest, type EmbedResponse, isOpenMuxError } from '@openmux/core'
import { errorIn, readEmbedAnswer } from '@openmux/openai-compatible'
import { checkInputs } from '../embed/check-inputs.js'
import { readFeatures } from '../embed/read-vectors.js'
import { badVectors, toSpace, type VectorOrigin } from '../embed/to-space.js'
import type { ColdStart } from './cold-start.js'
import type { ContainerInfo } from './container-info.js'
import { anotherModel } from './endpoint-chat.js'
import { type EndpointEngine, holdHeader, whileStarting } from './endpoint-engine.js'

const NO_LIMITS = { headersMs: 0, idleMs: 0 } as const
/** TEI's own default for `--max-client-batch-size`. */
const USUAL_BATCH = 32

type Route = '/embed' | '/v1/embeddings'

/** Makes vectors by TEI's `/embed`, or by `/v1/embeddings` where a container has only that (vLLM, llama.cpp). */
export function createEndpointEmbed(
  engine: EndpointEngine,
  infoOf: (context: CallContext, model?: string) => Promise<ContainerInfo>,
): (request: EmbedRequest, context: CallContext) => Promise<EmbedResponse> {
  let route: Route = '/embed'
  const { id, options } = engine

  const batch = async (
    request: EmbedRequest,
    origin: VectorOrigin,
    context: CallContext,
    patience: ColdStart,
  ): Promise<readonly (readonly number[])[]> => {
    try {
      return await ask(engine, route, request, origin, context, patience)
    } catch (error) {
      if (route !== '/embed' || !isOpenMuxError(error) || error.code !== 'not-found') throw error
      const vectors = await ask(engine, '/v1/embeddings', request, origin, context, patience)
      route = '/v1/embeddings'
      return vectors
    }
  }

  return async (request, context) => {
    checkInputs(request, id)
    const { model, inputs, dimensions } = request
    if (options.model !== undefined && model !== options.model) throw anotherModel(id, model, options.model)
    const info = await whileStarting(engine, model, context, () => infoOf(context, model))
    const served = options.model ?? info.model
    if (served !== undefined && model !== served) throw anotherModel(id, model, served)
    // The weights' own name where it is told: the name the user gave may be any.
    const origin = { provider: id, model, id: info.model ?? model }
    const size = info.maxBatch ?? USUAL_BATCH
    const vectors: (readonly number[])[] = []
    for (let start = 0; start < inputs.length; start += size) {
      const part = { ...request, inputs: inputs.slice(start, start + size) }
      vectors.push(
        ...(await whileStarting(engine, model, context, (patience) =>
          batch(part, origin, context, patience),
        )),
      )
    }
    const pooling = info.pooling ?? options.pooling
    const told = {
      ...(info.revision === undefined ? {} : { revision: info.revision }),
      ...(pooling === undefined ? {} : { pooling }),
    }
    return { ...toSpace(vectors, origin, told, dimensions), model: served ?? model }
  }
}

async function ask(
  engine: EndpointEngine,
  path: Route,
  request: EmbedRequest,
  origin: VectorOrigin,
  context: CallContext,
  patience: ColdStart,
): Promise<readonly (readonly number[])[]> {
  const { inputs, model, dimensions } = request
  const size = dimensions === undefined ? {} : { dimensions }
  const wishes = request.providerOptions?.[engine.id]
  const json =
    path === '/embed'
      ? { inputs, normalize: true, truncate: false, ...size, ...wishes }
      : { model, input: inputs, encoding_format: 'float', ...size, ...wishes }
  const headers = holdHeader(engine, patience.left())
  const { client } = engine
  const {
    value,
    status,
    headers: told,
  } = await client.json({ path, json, headers, model, context, timeouts: NO_LIMITS })
  if (errorIn(value) !== undefined)
    throw client.failure({ status, headers: told, body: value, model, path }, context)
  if (path === '/v1/embeddings') {
    const answer = readEmbedAnswer(value, inputs.length)
    if (typeof answer === 'string') throw badVectors(origin, answer)
    return answer.vectors
  }
  const read = readFeatures(value, inputs.length)
  if (read.kind === 'vectors') return read.vectors
  throw badVectors(
    origin,
    read.kind === 'broken' ? read.what : 'one vector a token where one a text was asked for',
  )
}
