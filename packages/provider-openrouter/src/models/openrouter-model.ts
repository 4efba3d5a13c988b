import type { Capabilities, ModelCard, Task } from '@openmux/core'
import { defined, membersOf, numberOf, objectsOf, positiveOf, textOf, textsOf } from '@openmux/http'
import type { JsonObject } from '@openmux/openai-compatible'
import { isFree, readPrice } from './price.js'

/** A model of OpenRouter's lists: its card, and what choosing among them needs beside it. */
export interface OpenRouterModel {
  readonly card: ModelCard
  /** When it was listed first, ms since 1970. */
  readonly createdAt?: number
  /** When it will be taken away, ms since 1970. */
  readonly expiresAt?: number
  /** Not a model but one of OpenRouter's own that passes the request on (`openrouter/free`, `openrouter/auto`). */
  readonly isRouter: boolean
}

/**
 * The models of an answer of `GET /models` or `GET /embeddings/models`; undefined when it is no list. Entries without
 * an id and models that answer only in pictures or sound are left out; unknown members are ignored.
 * Source: OpenRouterTeam/docs guides/overview/models.mdx, openapi/openapi.yaml `Model`.
 */
export function readModels(
  answer: unknown,
  kind: 'text' | 'embeddings',
): readonly OpenRouterModel[] | undefined {
  const { data } = membersOf(answer) as { readonly data?: unknown }
  if (!Array.isArray(data)) return undefined
  const models = new Map<string, OpenRouterModel>()
  for (const entry of objectsOf(data)) {
    const model = readModel(entry, kind)
    if (model !== undefined && !models.has(model.card.id)) models.set(model.card.id, model)
  }
  return [...models.values()]
}

function readModel(entry: JsonObject, kind: 'text' | 'embeddings'): OpenRouterModel | undefined {
  const id = textOf(entry['id'])
  const tasks = tasksOf(entry, kind)
  if (id === undefined || tasks.length === 0) return undefined
  const pricing = membersOf(entry['pricing'])
  const top = membersOf(entry['top_provider'])
  const embeds = tasks.includes('embeddings')
  const price = readPrice(pricing, embeds)
  const name = textOf(entry['name'])
  const supports = embeds ? {} : supportsOf(entry)
  const created = positiveOf(numberOf(entry['created']))
  return {
    card: {
      id,
      tasks,
      state: 'hosted',
      free: isFree(price, pricing),
      ...defined({
        name: name === id ? undefined : name,
        contextTokens: smaller(
          positiveOf(numberOf(entry['context_length'])),
          positiveOf(numberOf(top['context_length'])),
        ),
        maxOutputTokens: embeds ? undefined : positiveOf(numberOf(top['max_completion_tokens'])),
        supports: Object.keys(supports).length > 0 ? supports : undefined,
        price,
      }),
    },
    isRouter: id.startsWith('openrouter/'),
    ...defined({
      createdAt: created === undefined ? undefined : created * 1_000,
      expiresAt: momentOf(entry['expiration_date']),
    }),
  }
}

function tasksOf(entry: JsonObject, kind: 'text' | 'embeddings'): readonly Task[] {
  const outputs = textsOf(membersOf(entry['architecture'])['output_modalities'])
  if (kind === 'embeddings')
    return outputs.length === 0 || outputs.includes('embeddings') ? ['embeddings'] : []
  return outputs.length === 0 || outputs.includes('text') ? ['chat', 'code'] : []
}

/** By `supported_parameters`, where there are any: an empty list is a model nobody has described. */
function supportsOf(entry: JsonObject): Partial<Capabilities> {
  const inputs = textsOf(membersOf(entry['architecture'])['input_modalities'])
  const parameters = textsOf(entry['supported_parameters'])
  const vision = inputs.length === 0 ? {} : { vision: inputs.includes('image') }
  if (parameters.length === 0) return vision
  const has = (...names: readonly string[]): boolean => names.some((name) => parameters.includes(name))
  return {
    ...vision,
    tools: has('tools'),
    json: has('response_format', 'structured_outputs'),
    jsonSchema: has('structured_outputs'),
    reasoning: has('reasoning', 'include_reasoning', 'reasoning_effort'),
    seed: has('seed'),
  }
}

/** The context of the model and that of the upstream that usually serves it may differ; the smaller one holds. */
function smaller(first: number | undefined, second: number | undefined): number | undefined {
  if (first === undefined || second === undefined) return first ?? second
  return Math.min(first, second)
}

/** A day (`2026-12-01`), a moment, or epoch seconds. */
function momentOf(value: unknown): number | undefined {
  const moment = typeof value === 'number' ? value * 1_000 : Date.parse(textOf(value) ?? '')
  return Number.isFinite(moment) && moment > 0 ? moment : undefined
}
