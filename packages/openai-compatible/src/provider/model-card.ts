import type { Capabilities, Locality, ModelCard, Price, Task } from '@openmux/core'
import { countOf, defined, type JsonObject, listOf, objectOf, positiveOf, textOf } from '@openmux/http'
import { tasksByName } from './model-kind.js'
import type { KnownModel } from './options.js'

/** What of a provider a card depends on. */
export interface CardSettings {
  readonly locality: Locality
  readonly tasks: readonly Task[]
}

/** The card of a model the user named. */
export function knownCard(model: KnownModel, settings: CardSettings): ModelCard {
  const given = typeof model === 'string' ? { id: model } : model
  const byName = within(tasksByName(given.id), settings.tasks)
  return {
    // The user says it is there, so a name that tells nothing is taken for a chat model.
    tasks: byName.length > 0 ? byName : settings.tasks.filter((task) => task !== 'embeddings'),
    ...placeOf(settings.locality),
    ...given,
  }
}

/**
 * The cards of a list of models: `{data: […]}`, `{models: […]}` or a bare array (Together). Reads what servers tell
 * beside the id: context (vLLM `max_model_len`, Groq `context_window`, Mistral `max_context_length`, `context_length`,
 * llama.cpp `meta.n_ctx_train`), capabilities and prices. Models that neither chat nor embed are left out.
 */
export function readModelCards(answer: unknown, settings: CardSettings): readonly ModelCard[] {
  const object = objectOf(answer)
  const listed = Array.isArray(answer)
    ? answer
    : [...listOf(object?.['data']), ...(object?.['data'] === undefined ? listOf(object?.['models']) : [])]
  const cards = new Map<string, ModelCard>()
  for (const value of listed as readonly unknown[]) {
    const entry = typeof value === 'string' ? { id: value } : objectOf(value)
    const card = entry === undefined ? undefined : readModelCard(entry, settings)
    if (card !== undefined && !cards.has(card.id)) cards.set(card.id, card)
  }
  return [...cards.values()]
}

function readModelCard(entry: JsonObject, settings: CardSettings): ModelCard | undefined {
  const id = textOf(entry['id']) ?? textOf(entry['name'])
  // Groq says `active: false` of models that are being withdrawn.
  if (id === undefined || entry['active'] === false) return undefined
  const tasks = within(tasksOf(entry, id), settings.tasks)
  if (tasks.length === 0) return undefined
  const meta = objectOf(entry['meta'])
  const metadata = objectOf(entry['metadata'])
  const name = textOf(entry['display_name']) ?? textOf(entry['name'])
  const price =
    settings.locality === 'local'
      ? undefined
      : priceOf(objectOf(entry['pricing']) ?? objectOf(metadata?.['pricing']))
  const supports = supportsOf(entry)
  const place = placeOf(settings.locality)
  return {
    id,
    tasks,
    ...place,
    free: place.free || (price !== undefined && price.inputPerMillion === 0 && price.outputPerMillion === 0),
    ...defined({
      name: name === id ? undefined : name,
      contextTokens: contextOf(entry, meta, metadata),
      maxOutputTokens: positiveOf(entry['max_completion_tokens']) ?? positiveOf(metadata?.['max_tokens']),
      supports: Object.keys(supports).length > 0 ? supports : undefined,
      price,
      sizeBytes: positiveOf(meta?.['size']),
      parameters: positiveOf(meta?.['n_params']),
    }),
  }
}

function contextOf(...sources: readonly (JsonObject | undefined)[]): number | undefined {
  const names = [
    'max_model_len',
    'context_window',
    'max_context_length',
    'context_length',
    'n_ctx',
    'n_ctx_train',
  ]
  for (const source of sources) {
    for (const name of names) {
      const tokens = positiveOf(source?.[name])
      if (tokens !== undefined) return tokens
    }
  }
  return undefined
}

/** By the type (Together, LM Studio's own list), the capabilities (Mistral) or what comes out, else by the name. */
function tasksOf(entry: JsonObject, id: string): readonly Task[] {
  const type = textOf(entry['type'])
  if (type === 'embedding' || type === 'embeddings') return ['embeddings']
  if (type === 'chat' || type === 'llm' || type === 'vlm' || type === 'code') return ['chat', 'code']
  if (type === 'image' || type === 'audio' || type === 'moderation' || type === 'rerank' || type === 'video')
    return []
  const outputs = listOf(objectOf(entry['architecture'])?.['output_modalities'])
  if (outputs.length > 0 && !outputs.includes('text') && !outputs.includes('embeddings')) return []
  if (objectOf(entry['capabilities'])?.['completion_chat'] === true) return ['chat', 'code']
  return tasksByName(id)
}

function supportsOf(entry: JsonObject): Partial<Capabilities> {
  const told = objectOf(entry['capabilities'])
  const inputs = listOf(objectOf(entry['architecture'])?.['input_modalities'])
  const vision = flagOf(told?.['vision']) ?? (inputs.length > 0 ? inputs.includes('image') : undefined)
  // Only "no" narrows; "yes" is what the provider says already.
  return defined({
    tools: flagOf(told?.['function_calling']) === false ? false : undefined,
    vision: vision === false ? false : undefined,
  })
}

function flagOf(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}

/** Together: `input`, `output`; DeepInfra: `input_tokens`, `output_tokens`; both USD per million tokens. */
function priceOf(pricing: JsonObject | undefined): Price | undefined {
  const inputPerMillion = amountOf(pricing?.['input'] ?? pricing?.['input_tokens'])
  const outputPerMillion = amountOf(pricing?.['output'] ?? pricing?.['output_tokens'])
  return inputPerMillion === undefined || outputPerMillion === undefined
    ? undefined
    : { inputPerMillion, outputPerMillion }
}

function amountOf(value: unknown): number | undefined {
  return countOf(value) === undefined ? undefined : Number(value)
}

function placeOf(locality: Locality): Pick<ModelCard, 'state' | 'free'> {
  return locality === 'local' ? { state: 'installed', free: true } : { state: 'hosted', free: false }
}

function within(tasks: readonly Task[], declared: readonly Task[]): readonly Task[] {
  return tasks.filter((task) => declared.includes(task))
}
