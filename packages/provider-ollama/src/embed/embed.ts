import { type CallContext, type EmbedRequest, type EmbedResponse, OpenMuxError } from '@openmux/core'
import { defined, type JsonObject } from '@openmux/http'
import { checkCloudAllowed } from '../chat/check-model.js'
import { type OllamaRequestOptions, readRequestOptions } from '../config/request-options.js'
import { chooseContext, SMALLEST_CONTEXT } from '../context/choose-context.js'
import { inputSize } from '../context/prompt-size.js'
import { type Engine, isLoadedFor } from '../engine.js'
import { runnerOptions } from '../loading/runner-options.js'
import type { ModelFacts } from '../models/model-facts.js'
import { checkEmbedRequest, checkModelEmbeds } from './check-embed.js'
import { embedBatch } from './embed-batch.js'
import { embeddingSpace } from './space.js'

/** Vectors for texts by `POST /api/embed`, in batches, in order. */
export async function embed(
  engine: Engine,
  request: EmbedRequest,
  context: CallContext,
): Promise<EmbedResponse> {
  checkEmbedRequest(request)
  const { settings, catalog, client } = engine
  const wishes = readRequestOptions(request)
  const facts = await catalog.facts(request.model, context)
  checkCloudAllowed(facts, settings.cloudModels, request)
  await checkModelEmbeds(engine, request, facts, context)

  const keepAlive = wishes.keepAlive ?? settings.keepAlive
  const contextTokens = facts.hosted ? undefined : await loadFor(engine, request, wishes, facts, context)
  const options: JsonObject = { ...wishes.options, ...defined({ num_ctx: contextTokens }) }
  const common = {
    model: facts.name,
    truncate: false,
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...defined({ dimensions: request.dimensions, keep_alive: keepAlive }),
  }
  const vectors: (readonly number[])[] = []
  let servedBy = facts.name
  let tokens = 0
  for (let start = 0; start < request.inputs.length; start += settings.embedBatch) {
    const inputs = request.inputs.slice(start, start + settings.embedBatch)
    const answer = await embedBatch(client, { ...common, input: inputs }, request.model, context)
    vectors.push(...answer.vectors)
    tokens += answer.promptTokens ?? 0
    servedBy = answer.model ?? servedBy
  }
  catalog.noteLoaded(facts.name, contextTokens ?? facts.running?.contextTokens, context.clock.now())
  const dimensions = checkDimensions(vectors, request)
  return {
    vectors,
    space: embeddingSpace(facts.name, facts.digest, facts.info, dimensions),
    model: servedBy,
    ...(tokens > 0 ? { usage: { inputTokens: tokens, outputTokens: 0 } } : {}),
  }
}

/**
 * Loads the model with a window for the longest text. Models of up to 4096 tokens are loaded with the server's
 * own default, which covers them whole and which other programs use too: no load is undone.
 */
async function loadFor(
  { loader, settings }: Engine,
  request: EmbedRequest,
  wishes: OllamaRequestOptions,
  facts: ModelFacts,
  context: CallContext,
): Promise<number | undefined> {
  const { info, running } = facts
  const isSmall = info.contextTokens !== undefined && info.contextTokens <= SMALLEST_CONTEXT
  const longest = Math.max(...request.inputs.map((text) => inputSize(text).likely))
  const numbers = defined({
    fixed: wishes.contextTokens,
    ceiling: settings.maxContextTokens,
    trained: info.contextTokens,
    modelfile: info.modelfileContextTokens,
    running: running?.contextTokens,
  })
  const wanted =
    isSmall && wishes.contextTokens === undefined
      ? undefined
      : chooseContext({ prompt: longest, answer: 0, ...numbers })
  if (isLoadedFor(facts, wanted) && !loader.isLoading(facts.name)) return wanted
  const loaded = await loader.load(
    {
      model: facts.name,
      calledAs: request.model,
      runnerOptions: runnerOptions(wishes.options),
      exact: wishes.contextTokens !== undefined,
      embeds: true,
      ...defined({ contextTokens: wanted, keepAlive: wishes.keepAlive ?? settings.keepAlive }),
    },
    context,
  )
  return wanted === undefined ? undefined : (loaded ?? wanted)
}

/** The one length of all vectors. */
function checkDimensions(
  vectors: readonly (readonly number[])[],
  { model, dimensions }: EmbedRequest,
): number {
  const length = vectors[0]?.length ?? 0
  const fail = (code: 'bad-response' | 'unsupported', message: string): never => {
    throw new OpenMuxError({ code, provider: 'ollama', model, message })
  }
  if (length === 0 || vectors.some((vector) => vector.length !== length))
    fail('bad-response', 'Ollama gave vectors of different lengths.')
  if (dimensions !== undefined && length !== dimensions) {
    fail(
      'unsupported',
      `${dimensions} dimensions were asked for, Ollama gave ${length}: this model or server cannot shorten its vectors.`,
    )
  }
  return length
}
