import type { ModelServer } from '@openmux/core'
import { amountOf, objectOf, objectsOf, positiveOf, textOf } from '@openmux/http'

/** Who serves each chat model, in whatever state, out of the answer of `GET /v1/models`. */
export function readModelServers(answer: unknown): ReadonlyMap<string, readonly ModelServer[]> {
  const servers = new Map<string, readonly ModelServer[]>()
  for (const entry of objectsOf(objectOf(answer)?.['data'])) {
    const id = textOf(entry['id'])
    if (id === undefined || servers.has(id)) continue
    servers.set(
      id,
      objectsOf(entry['providers']).flatMap((one) => {
        const name = textOf(one['provider'])
        return name === undefined
          ? []
          : [{ name, status: textOf(one['status']) ?? 'unknown', ...termsOf(one) }]
      }),
    )
  }
  return servers
}

/** Prices are numbers in USD per million tokens (hub-docs inference-providers/hub-api.md). */
function termsOf(server: Readonly<Record<string, unknown>>): Omit<ModelServer, 'name' | 'status'> {
  const pricing = objectOf(server['pricing'])
  const inputPerMillion = amountOf(pricing?.['input'])
  const outputPerMillion = amountOf(pricing?.['output'])
  const contextTokens = positiveOf(server['context_length'])
  const isPriced = inputPerMillion !== undefined && outputPerMillion !== undefined
  const isFree = server['is_free'] === true || (isPriced && inputPerMillion + outputPerMillion === 0)
  return {
    ...(isFree || isPriced ? { free: isFree } : {}),
    ...(isPriced ? { price: { inputPerMillion, outputPerMillion } } : {}),
    ...(contextTokens === undefined ? {} : { contextTokens }),
  }
}
