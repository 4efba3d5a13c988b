import { isOpenMuxError, OpenMuxError } from '@openmux/core'

/** Any thrown thing as a typed error. The words of foreign errors are not for the other side of a wire. */
export function asOpenMuxError(thrown: unknown): OpenMuxError {
  if (isOpenMuxError(thrown)) return thrown
  return new OpenMuxError({
    code: 'unavailable',
    message: 'The server failed with an error of its own.',
    cause: thrown,
  })
}
