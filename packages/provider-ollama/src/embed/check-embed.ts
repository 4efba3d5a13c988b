import { type CallContext, type EmbedRequest, isOpenMuxError, OpenMuxError } from '@openmux/core'
import type { Engine } from '../engine.js'
import { listCards } from '../models/list-cards.js'
import { can, type ModelFacts } from '../models/model-facts.js'
import { plainModelName } from '../names/model-name.js'
import { canShorten } from './shorter-vectors.js'

/** Refuses what no model could do. Throws `bad-request` that names the field. */
export function checkEmbedRequest({ inputs, model }: EmbedRequest): void {
  if (inputs.length > 0) return
  throw new OpenMuxError({
    code: 'bad-request',
    provider: 'ollama',
    model,
    field: 'inputs',
    message: '`inputs` must hold at least one text.',
  })
}

/** Refuses a model that makes no embeddings, or none of the length asked for, with `unsupported`. */
export async function checkModelEmbeds(
  engine: Engine,
  request: EmbedRequest,
  facts: ModelFacts,
  context: CallContext,
): Promise<void> {
  const model = plainModelName(facts.name)
  if (can(facts.info, 'embedding') === false) {
    throw new OpenMuxError({
      code: 'unsupported',
      provider: 'ollama',
      model: request.model,
      field: 'model',
      message: `${model} is a chat model and makes no embeddings.`,
      hint: await embeddingHint(engine, context),
    })
  }
  const { dimensions } = request
  if (dimensions === undefined || dimensions === facts.info.embeddingLength || canShorten(facts.name)) return
  throw new OpenMuxError({
    code: 'unsupported',
    provider: 'ollama',
    model: request.model,
    field: 'dimensions',
    message: `${model} was not trained for shorter vectors: cut ones would not compare.`,
    hint: `Leave \`dimensions\` out${facts.info.embeddingLength === undefined ? '' : ` (${facts.info.embeddingLength} come)`}, or use embeddinggemma or nomic-embed-text.`,
  })
}

/** Which model to name instead: one that is there, else one to get. */
async function embeddingHint({ api, catalog, settings }: Engine, context: CallContext): Promise<string> {
  const get = 'Get one with `ollama pull nomic-embed-text`.'
  try {
    const cards = await listCards(
      { api, catalog, isCloud: settings.isCloud, cloudModels: settings.cloudModels },
      context,
    )
    const names = cards
      .filter(({ tasks }) => tasks.includes('embeddings'))
      .map(({ id }) => plainModelName(id))
    return names.length > 0 ? `Name an embedding model: ${names.join(', ')}.` : get
  } catch (error) {
    if (isOpenMuxError(error) && error.code === 'aborted') throw error
    return get
  }
}
