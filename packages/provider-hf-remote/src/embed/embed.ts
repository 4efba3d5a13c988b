import { type CallContext, type EmbedRequest, type EmbedResponse, OpenMuxError } from '@openmux/core'
import { errorIn, readEmbedAnswer } from '@openmux/openai-compatible'
import { withoutToken } from '../config/token.js'
import { encodedId } from '../mapping/mapping-lookup.js'
import { embeddingFacts } from '../models/embedding-models.js'
import type { RemoteEngine } from '../remote-engine.js'
import { checkInputs } from './check-inputs.js'
import { chooseServer, EMBEDDING_ROUTES, type EmbeddingServer } from './choose-server.js'
import { meanOf, readFeatures } from './read-vectors.js'
import { badVectors, toSpace, type VectorOrigin } from './to-space.js'

/** Raw vectors of some texts, and the tokens where told. */
interface RawVectors {
  readonly vectors: readonly (readonly number[])[]
  readonly inputTokens?: number
}

/** The caller's limits apply. */
const NO_LIMITS = { headersMs: 0, idleMs: 0 } as const

/** Vectors for texts, by feature extraction or by a partner's embeddings route, in batches, in order. */
export async function embed(
  engine: RemoteEngine,
  request: EmbedRequest,
  context: CallContext,
): Promise<EmbedResponse> {
  checkInputs(request, engine.id)
  if (engine.token.value === undefined) throw withoutToken(engine.token, engine.id, request.model)
  refuseWishes(engine, request)
  const server = await chooseServer(engine, request, context)
  const origin = { provider: engine.id, model: request.model, id: server.reference.id }
  const vectors: (readonly number[])[] = []
  let tokens: number | undefined
  for (let start = 0; start < request.inputs.length; start += engine.embedBatch) {
    const inputs = request.inputs.slice(start, start + engine.embedBatch)
    const raw = await batch(engine, server, { ...request, inputs }, origin, context)
    vectors.push(...raw.vectors)
    if (raw.inputTokens !== undefined) tokens = (tokens ?? 0) + raw.inputTokens
  }
  return {
    ...toSpace(vectors, origin),
    model: server.reference.id,
    ...(tokens === undefined ? {} : { usage: { inputTokens: tokens, outputTokens: 0 } }),
  }
}

function refuseWishes({ id, allowPaid }: RemoteEngine, { dimensions, model }: EmbedRequest): void {
  if (dimensions !== undefined) {
    throw new OpenMuxError({
      code: 'unsupported',
      provider: id,
      model,
      field: 'dimensions',
      message: 'Feature extraction cannot shorten vectors.',
      hint: 'Leave dimensions out, or use a dedicated endpoint with TEI.',
    })
  }
  if (allowPaid) return
  throw new OpenMuxError({
    code: 'unsupported',
    provider: id,
    model,
    message: 'Embeddings are charged against the credits of the account, and allowPaid is false.',
    hint: 'Set allowPaid, or make embeddings locally.',
  })
}

function batch(
  engine: RemoteEngine,
  server: EmbeddingServer,
  request: EmbedRequest,
  origin: VectorOrigin,
  context: CallContext,
): Promise<RawVectors> {
  const path = EMBEDDING_ROUTES[server.provider]
  return path === undefined
    ? extractFeatures(engine, request, origin, context)
    : partnerBatch(engine, path, server, request, origin, context)
}

async function extractFeatures(
  engine: RemoteEngine,
  request: EmbedRequest,
  origin: VectorOrigin,
  context: CallContext,
): Promise<RawVectors> {
  const { inputs, model } = request
  // Cutting a text silently would give the vector of another one.
  const json = { inputs, normalize: true, truncate: false, ...request.providerOptions?.[engine.id] }
  const path = `/hf-inference/models/${encodedId(origin.id)}/pipeline/feature-extraction`
  const { value, status, headers } = await engine.router.json({
    path,
    json,
    model,
    context,
    timeouts: NO_LIMITS,
  })
  if (errorIn(value) !== undefined)
    throw engine.router.failure({ status, headers, body: value, model, path }, context)
  const read = readFeatures(value, inputs.length)
  if (read.kind === 'broken') throw badVectors(origin, read.what)
  if (read.kind === 'vectors') return { vectors: read.vectors }
  if (embeddingFacts(origin.id)?.pooling !== 'mean') throw unpooled(origin)
  if (inputs.length === 1) return { vectors: read.texts.map(meanOf) }
  // Texts of one batch may have been filled up to one length, and the filling would be averaged in: one by one.
  const vectors: (readonly number[])[] = []
  for (const text of inputs) {
    const alone = await extractFeatures(engine, { ...request, inputs: [text] }, origin, context)
    vectors.push(...alone.vectors)
  }
  return { vectors }
}

/** Partners have the OpenAI format, and their own names of models. */
async function partnerBatch(
  { router }: RemoteEngine,
  path: string,
  { providerId }: EmbeddingServer,
  { inputs, model }: EmbedRequest,
  origin: VectorOrigin,
  context: CallContext,
): Promise<RawVectors> {
  const json = { model: providerId, input: inputs, encoding_format: 'float' }
  const { value, status, headers } = await router.json({ path, json, model, context, timeouts: NO_LIMITS })
  if (errorIn(value) !== undefined)
    throw router.failure({ status, headers, body: value, model, path }, context)
  const answer = readEmbedAnswer(value, inputs.length)
  if (typeof answer === 'string') throw badVectors(origin, answer)
  return answer
}

function unpooled({ provider, model }: VectorOrigin): OpenMuxError {
  return new OpenMuxError({
    code: 'unsupported',
    provider,
    model,
    message: `${model} came back as one vector a token, and how its tokens are pooled is not known.`,
    hint: 'Use a model with a pooling step, such as sentence-transformers/all-MiniLM-L6-v2.',
  })
}
