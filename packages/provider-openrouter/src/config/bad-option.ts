import { OpenMuxError } from '@openmux/core'

/** `bad-config`: an option is missing or wrong. The value itself is never shown, as it may be a key. */
export function badOption(field: string, value: unknown, wanted: string, hint?: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-config',
    provider: 'openrouter',
    field,
    message: `The option ${field} of openrouter() must be ${wanted}; it is ${shapeOf(value)}.`,
    hint: hint ?? `Correct ${field}.`,
  })
}

function shapeOf(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'string')
    return value === '' ? 'an empty text' : `a text of ${value.length} characters`
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `an array of ${value.length}`
  return typeof value === 'object' ? 'an object' : `a value of type ${typeof value}`
}
