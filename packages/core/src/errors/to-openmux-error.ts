import { isOpenMuxError, OpenMuxError } from './openmux-error.js'

/**
 * Any thrown thing as an {@link OpenMuxError}. A provider that throws something else broke its
 * contract; that is the target's fault and another candidate may do better.
 */
export function toOpenMuxError(thrown: unknown, provider?: string, model?: string): OpenMuxError {
  if (isOpenMuxError(thrown)) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new OpenMuxError({
    code: 'unavailable',
    message: `${provider ?? 'The provider'} failed with an error of its own: ${message}`,
    hint: 'This is a fault in the provider package; please report it with the cause.',
    provider,
    model,
    cause: thrown,
  })
}
