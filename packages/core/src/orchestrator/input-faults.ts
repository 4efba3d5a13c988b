import { OpenMuxError } from '../errors/openmux-error.js'

/** What is wrong with one field. */
interface Wrong {
  readonly field: string
  readonly expected: string
  readonly got: unknown
  /** Default `bad-request`. */
  readonly code?: 'bad-request' | 'bad-config' | undefined
}

/** A plain object of unknown members. */
export type Fields = Readonly<Record<string, unknown>>

/** Whether `value` is an object and not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws unless `value` is absent or a number that fits. */
export function checkNumber(
  field: string,
  value: unknown,
  fits: (value: number) => boolean,
  expected: string,
  code?: Wrong['code'],
): void {
  if (value === undefined) return
  if (typeof value !== 'number' || Number.isNaN(value) || !fits(value))
    throw wrong({ field, expected, got: value, code })
}

/** Throws unless `value` is absent or one of the words. */
export function checkOneOf(field: string, value: unknown, words: readonly string[]): void {
  if (value !== undefined && !(typeof value === 'string' && words.includes(value)))
    throw wrong({ field, expected: `one of ${words.join(', ')}`, got: value })
}

/** Throws unless `value` is absent, true or false. */
export function checkSwitch(field: string, value: unknown, code?: Wrong['code']): void {
  if (value !== undefined && typeof value !== 'boolean')
    throw wrong({ field, expected: 'true or false', got: value, code })
}

/** Throws unless `value` is absent or an array of texts that are not empty. */
export function checkTexts(field: string, value: unknown): void {
  const fits = Array.isArray(value) && value.every((text) => typeof text === 'string' && text !== '')
  if (value !== undefined && !fits)
    throw wrong({ field, expected: 'an array of non-empty texts', got: value })
}

/** The error for a field: what it must be, and the shape of what it is. */
export function wrong({ field, expected, got, code = 'bad-request' }: Wrong): OpenMuxError {
  return new OpenMuxError({
    code,
    field,
    message: `${field} must be ${expected}, not ${shapeOf(got)}.`,
    hint: `Give ${field} as ${expected}.`,
  })
}

/** The shape of a value, never the value of a text: it may be a key pasted into the wrong place. */
function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string')
    return value.trim() === '' ? 'an empty text' : `a text of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`
  return typeof value === 'undefined' ? 'absent' : `a value of type ${typeof value}`
}
