import { type JsonObject, listOf, objectOf, textOf } from '../wire/json.js'

/**
 * The error inside something that came with a success status: `{error: …}` beside or in place of an answer, the
 * same in an array (Gemini), or `{object: "error", message}` (older vLLM). Undefined: there is none.
 */
export function errorIn(value: unknown): JsonObject | undefined {
  for (const part of Array.isArray(value) ? value : [value]) {
    const object = objectOf(part)
    if (object === undefined) continue
    if (isError(object['error']) || (object['object'] === 'error' && textOf(object['message']) !== undefined))
      return object
  }
  return undefined
}

/** Whether a member `error` says that there is one: servers also send `null`, `""` and `{}` for none. */
export function isError(error: unknown): boolean {
  if (typeof error === 'string') return error !== ''
  const object = objectOf(error)
  return object === undefined ? listOf(error).length > 0 : Object.keys(object).length > 0
}
