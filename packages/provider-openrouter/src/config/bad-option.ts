import { OpenMuxError } from '@openmux/core'
import { shapeOf } from '@openmux/http'

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
