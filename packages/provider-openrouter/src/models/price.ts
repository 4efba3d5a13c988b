import type { Price } from '@openmux/core'
import type { JsonObject } from '@openmux/openai-compatible'

const DECIMAL = /^\+?(\d+(?:\.\d*)?|\.\d+)(?:e([+-]?\d{1,3}))?$/i

/**
 * A price in USD per token, as OpenRouter writes it (`"0.0000005"`, `"0.0"`, `"5e-7"`), in USD per million tokens.
 * Undefined, "not known": negative (`-1` of its routers), not a number, absent. The point is moved in the text, so
 * that no digit is lost: 0.0000001 is 0.1, not 0.09999999999999999.
 */
export function perMillion(price: unknown): number | undefined {
  const text = typeof price === 'number' ? String(price) : price
  if (typeof text !== 'string') return undefined
  const [whole, digits, exponent = '0'] = DECIMAL.exec(text.trim()) ?? []
  if (whole === undefined) return undefined
  const amount = Number(`${digits}e${Number(exponent) + 6}`)
  return Number.isFinite(amount) ? amount : undefined
}

/** `pricing` of a model; undefined when either side is not known. Embedding models have no side for answers. */
export function readPrice(pricing: JsonObject, embeds: boolean): Price | undefined {
  const inputPerMillion = perMillion(pricing['prompt'])
  const outputPerMillion = perMillion(pricing['completion'] ?? (embeds ? '0' : undefined))
  if (inputPerMillion === undefined || outputPerMillion === undefined) return undefined
  return { inputPerMillion, outputPerMillion }
}

/** Whether a request costs nothing: both prices are zero, and so is that of a request where one is told. */
export function isFree(price: Price | undefined, pricing: JsonObject): boolean {
  const request = pricing['request']
  return (
    price !== undefined &&
    price.inputPerMillion === 0 &&
    price.outputPerMillion === 0 &&
    (request === undefined || request === null || perMillion(request) === 0)
  )
}
