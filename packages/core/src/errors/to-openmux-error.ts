import { isOpenMuxError, OpenMuxError } from './openmux-error.js'

/**
 * What a provider threw although nobody had ended the request: when it says that it was aborted, that was its own doing,
 * and another candidate may be asked.
 */
export function providersFailure(thrown: unknown, provider: string, model: string): OpenMuxError {
  const error = toOpenMuxError(thrown, provider, model)
  if (error.code !== 'aborted') return error
  return new OpenMuxError({
    code: 'unavailable',
    message: `${provider} gave up the request, though nobody had left.`,
    hint: 'It may have been closed, or have a time limit of its own.',
    provider,
    model,
    partial: error.partial,
    cause: error,
  })
}

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
