import {
  type CallContext,
  type EmbedRequest,
  type EmbedResponse,
  type ErrorCode,
  OpenMuxError,
} from '@openmux/core'
import { defined } from '@openmux/http'
import { writeEmbedBody } from '../request/write-embed-body.js'
import { errorIn } from '../response/in-band-error.js'
import { type EmbedAnswer, readEmbedAnswer } from '../response/read-embed-answer.js'
import { demandKey, type Engine } from './engine.js'

/** Vectors for texts by `POST {embedPath}`, in batches, in order. */
export async function embed(
  engine: Engine,
  request: EmbedRequest,
  context: CallContext,
): Promise<EmbedResponse> {
  const { settings, spaces } = engine
  checkEmbed(engine, request)
  const vectors: (readonly number[])[] = []
  let model = request.model
  let tokens: number | undefined
  for (let start = 0; start < request.inputs.length; start += settings.embedBatch) {
    const inputs = request.inputs.slice(start, start + settings.embedBatch)
    const answer = await embedBatch(engine, { ...request, inputs }, context)
    vectors.push(...answer.vectors)
    model = answer.model ?? model
    if (answer.inputTokens !== undefined) tokens = (tokens ?? 0) + answer.inputTokens
  }
  checkLengths(engine, request, vectors)
  return {
    vectors,
    space: spaces.spaceOf(request.model, vectors, request.dimensions),
    model,
    ...defined({ usage: tokens === undefined ? undefined : { inputTokens: tokens, outputTokens: 0 } }),
  }
}

function checkEmbed(engine: Engine, { inputs, model }: EmbedRequest): void {
  const { settings } = engine
  if (inputs.length === 0)
    throw refusal(engine, model, 'bad-request', '`inputs` must hold at least one text.', 'inputs')
  const card = settings.models?.find((known) => known.id === model)
  if (card !== undefined && !card.tasks.includes('embeddings')) {
    throw refusal(engine, model, 'unsupported', `${model} is a chat model and makes no embeddings.`, 'model')
  }
  demandKey(engine, model)
}

async function embedBatch(engine: Engine, request: EmbedRequest, context: CallContext): Promise<EmbedAnswer> {
  const { client, settings } = engine
  const { hooks, id, quirks } = settings
  const { model } = request
  const body = {
    ...writeEmbedBody(request, quirks),
    ...hooks.extraEmbedBody?.(request),
    ...request.providerOptions?.[id],
  }
  const given = hooks.embedPath ?? '/embeddings'
  const path = typeof given === 'string' ? given : given(model)
  const headers = hooks.extraHeaders?.(request) ?? {}
  const timeouts = { headersMs: 0, idleMs: 0 }
  const answered = await client.json({ path, json: defined(body), headers, model, context, timeouts })
  const { value, status, headers: told } = answered
  if (errorIn(value) !== undefined)
    throw client.failure({ status, headers: told, body: value, model, path }, context)
  const answer = readEmbedAnswer(value, request.inputs.length)
  if (typeof answer === 'string')
    throw refusal(engine, model, 'bad-response', `${settings.name} sent ${answer}.`)
  return answer
}

function checkLengths(
  engine: Engine,
  { model, dimensions }: EmbedRequest,
  vectors: readonly (readonly number[])[],
): void {
  const length = vectors[0]?.length ?? 0
  if (vectors.some((vector) => vector.length !== length)) {
    throw refusal(engine, model, 'bad-response', `${engine.settings.name} sent vectors of different lengths.`)
  }
  if (dimensions !== undefined && length !== dimensions) {
    const message = `${dimensions} dimensions were asked for, ${length} came: this model or server cannot shorten its vectors.`
    throw refusal(engine, model, 'unsupported', message, 'dimensions')
  }
}

function refusal(
  { settings }: Engine,
  model: string,
  code: ErrorCode,
  message: string,
  field?: string,
): OpenMuxError {
  return new OpenMuxError({ code, provider: settings.id, model, field, message })
}
