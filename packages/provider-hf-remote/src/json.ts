/** A JSON object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** `value` as a JSON object; undefined for anything else. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `value` as an array; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The JSON objects of an array; empty for anything else. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isObject)
}

/** A text that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** A finite number of at least 0. */
export function amountOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** A whole number above 0: a limit of 0 means "not known" on the wire. */
export function limitOf(value: unknown): number | undefined {
  const amount = amountOf(value)
  return amount === undefined || Math.floor(amount) === 0 ? undefined : Math.floor(amount)
}

/** The shape of a value, never the value of a text: it may be a key pasted into the wrong place. */
export function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'absent'
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `a text of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`
}
