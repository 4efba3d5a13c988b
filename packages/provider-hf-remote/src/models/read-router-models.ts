import { type Capabilities, type ModelCard, OpenMuxError, type Price } from '@openmux/core'
import { amountOf, type JsonObject, listOf, objectOf, objectsOf, positiveOf, textOf } from '@openmux/http'

/**
 * The cards of `GET /v1/models`: chat models with at least one live provider. Prices are numbers in USD per million
 * tokens (hub-docs inference-providers/hub-api.md). As the router may send a request to any of them, a card tells the
 * highest price and the smallest window among the live ones, and `free` only when all are. Where only some are
 * free, `id:provider` gets a card of its own.
 */
export function readRouterModels(answer: unknown): readonly ModelCard[] {
  const cards = new Map<string, ModelCard>()
  for (const entry of objectsOf(objectOf(answer)?.['data'])) {
    const id = textOf(entry['id'])
    const live = objectsOf(entry['providers']).filter(({ status }) => status === 'live')
    if (id === undefined || live.length === 0 || cards.has(id) || !isTextModel(entry)) continue
    const card = cardOf(id, entry, live)
    cards.set(id, card)
    if (card.free) continue
    for (const provider of live.filter(isFree)) {
      const name = textOf(provider['provider'])
      if (name !== undefined) cards.set(`${id}:${name}`, cardOf(`${id}:${name}`, entry, [provider]))
    }
  }
  return [...cards.values()]
}

/** The same, for an answer that must be the list. Throws `bad-response`: what is none would look like a router without models. */
export function readRouterList(answer: unknown, provider: string): readonly ModelCard[] {
  if (Array.isArray(objectOf(answer)?.['data'])) return readRouterModels(answer)
  throw new OpenMuxError({
    code: 'bad-response',
    provider,
    message: 'The router answered without the list `data` of its models.',
    hint: 'Check the option baseURL. If it is the usual address, `openmux probe hf-remote` tells what changed.',
  })
}

function cardOf(id: string, entry: JsonObject, live: readonly JsonObject[]): ModelCard {
  const windows = live.map((one) => positiveOf(one['context_length']))
  const known = windows.filter((window) => window !== undefined)
  const price = highest(live.map(priceOf))
  return {
    id,
    tasks: ['chat', 'code'],
    state: 'hosted',
    free: live.every(isFree),
    supports: supportsOf(entry, live),
    ...(known.length === 0 ? {} : { contextTokens: Math.min(...known) }),
    ...(price === undefined ? {} : { price }),
  }
}

function supportsOf(entry: JsonObject, live: readonly JsonObject[]): Partial<Capabilities> {
  const inputs = listOf(objectOf(entry['architecture'])?.['input_modalities'])
  const tools = agreed(live, 'supports_tools')
  const schema = agreed(live, 'supports_structured_output')
  return {
    ...(inputs.length === 0 ? {} : { vision: inputs.includes('image') }),
    ...(tools === undefined ? {} : { tools }),
    ...(schema === undefined ? {} : { jsonSchema: schema }),
  }
}

/** What all live providers say alike; undefined when they differ or are silent: then the attempt decides. */
function agreed(live: readonly JsonObject[], member: string): boolean | undefined {
  const [first] = live.map((one) => one[member])
  return typeof first === 'boolean' && live.every((one) => one[member] === first) ? first : undefined
}

function isTextModel(entry: JsonObject): boolean {
  const outputs = listOf(objectOf(entry['architecture'])?.['output_modalities'])
  return outputs.length === 0 || outputs.includes('text')
}

function isFree(provider: JsonObject): boolean {
  const price = priceOf(provider)
  return (
    provider['is_free'] === true ||
    (price !== undefined && price.inputPerMillion === 0 && price.outputPerMillion === 0)
  )
}

function priceOf(provider: JsonObject): Price | undefined {
  const pricing = objectOf(provider['pricing'])
  const inputPerMillion = amountOf(pricing?.['input'])
  const outputPerMillion = amountOf(pricing?.['output'])
  if (inputPerMillion === undefined || outputPerMillion === undefined)
    return provider['is_free'] === true ? { inputPerMillion: 0, outputPerMillion: 0 } : undefined
  return { inputPerMillion, outputPerMillion }
}

/** The highest of each; undefined as soon as one is not known. */
function highest(prices: readonly (Price | undefined)[]): Price | undefined {
  const known = prices.filter((price) => price !== undefined)
  if (known.length < prices.length) return undefined
  return {
    inputPerMillion: Math.max(...known.map((price) => price.inputPerMillion)),
    outputPerMillion: Math.max(...known.map((price) => price.outputPerMillion)),
  }
}
