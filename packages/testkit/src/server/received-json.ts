/** A JSON object of unknown members, as a client sent it. The doubles read it on their own: they share no reader with what they test. */
export type Received = Readonly<Record<string, unknown>>

/** `value` as an object; empty for anything else. */
export function objectOf(value: unknown): Received {
  return isObject(value) ? value : {}
}

/** Whether `value` is an object, not an array or null. */
export function isObject(value: unknown): value is Received {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `value` as an array; empty for anything else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
