import { OpenMuxError } from '@openmux/core'
import { shapeOf } from '@openmux/http'

/** `bad-request`: a field has the wrong shape. Names the field, the shape of the value and what is wanted. */
export function wrongField(field: string, wanted: string, value: unknown): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field,
    message: `${field} must be ${wanted}, not ${shapeOf(value)}.`,
    hint: `Give ${field} as ${wanted}.`,
  })
}

/** `unsupported`: this server has no way to do what a field asks for. */
export function cannotSend(field: string, message: string, hint: string): OpenMuxError {
  return new OpenMuxError({ code: 'unsupported', field, message, hint })
}
