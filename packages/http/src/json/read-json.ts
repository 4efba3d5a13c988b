/** A JSON object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>

const NOTHING: JsonObject = Object.freeze({})
const NOBODY: readonly unknown[] = Object.freeze([])

/** `value` as a JSON object; undefined for anything else, arrays and `null` too. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

/** The members of a JSON object; none for anything else: for reading on without asking. */
export function membersOf(value: unknown): JsonObject {
  return isObject(value) ? value : NOTHING
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `value` as an array; empty for anything else: servers send `null` for "none". */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : NOBODY
}

/** The JSON objects of an array, without what else is in it; empty for anything else. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isObject)
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The texts of an array that are not empty; empty for anything else. */
export function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((text): text is string => typeof text === 'string' && text !== '')
}

/** A finite number, also one written as a text: prices and counts come as both. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** A finite number of at least 0, fractions and all. */
export function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** A whole number of at least 0; fractions are cut off. */
export function countOf(value: unknown): number | undefined {
  const amount = amountOf(value)
  return amount === undefined ? undefined : Math.floor(amount)
}

/** A whole number above 0; fractions are cut off. For limits and counts where 0 says as little as absence. */
export function positiveOf(value: unknown): number | undefined {
  const count = countOf(value)
  return count === undefined || count === 0 ? undefined : count
}
