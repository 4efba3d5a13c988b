/**
 * The shape of a value in a few words, for "it must be …, not …". Never the value of a text: it may be a key that was
 * pasted into the wrong place.
 */
export function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return 'absent'
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `a text of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`
}
