import { type JsonObject, listOf, objectOf, textOf } from '@openmux/http'

/**
 * The error inside something that came with a success status: `{error: …}` beside or in place of an answer, the
 * same in an array (Gemini), or `{object: "error", message}` (older vLLM). Undefined: there is none.
 */
export function errorIn(value: unknown): JsonObject | undefined {
  if (!Array.isArray(value)) return errorOf(value)
  for (const part of value) {
    const error = errorOf(part)
    if (error !== undefined) return error
  }
  return undefined
}

function errorOf(value: unknown): JsonObject | undefined {
  const object = objectOf(value)
  if (object === undefined) return undefined
  const isOne =
    isError(object['error']) || (object['object'] === 'error' && textOf(object['message']) !== undefined)
  return isOne ? object : undefined
}

/** Whether a member `error` says that there is one: servers also send `null`, `""` and `{}` for none. */
export function isError(error: unknown): boolean {
  if (error === undefined || error === null) return false
  if (typeof error === 'string') return error !== ''
  const object = objectOf(error)
  return object === undefined ? listOf(error).length > 0 : Object.keys(object).length > 0
}
