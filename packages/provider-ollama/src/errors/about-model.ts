import { isOpenMuxError, OpenMuxError } from '@openmux/core'

/** What to do when nothing answers. */
const NOT_RUNNING =
  'Start it with `ollama serve` (install: https://ollama.com/download), or set OLLAMA_HOST if it runs elsewhere.'

/** The same failure for a caller who named the model otherwise: one load may have many waiting for it. */
export function aboutModel(error: OpenMuxError, model: string | undefined, newHint?: string): OpenMuxError {
  const { code, message, provider, fault, next, scope, until, hint, field, phase, partial, upstream, cause } =
    error
  return new OpenMuxError({
    code,
    message,
    provider,
    model,
    fault,
    next,
    scope,
    until,
    hint: newHint ?? hint,
    field,
    phase,
    partial,
    upstream,
    cause,
  })
}

/**
 * A failure of a call about `model`: also when it came from a side question, like the one for the models
 * in memory. A server that is not there gets Ollama's own hint.
 */
export function failureOfCall(error: unknown, model: string | undefined): unknown {
  if (!isOpenMuxError(error) || error.code === 'aborted') return error
  const isDown = error.code === 'network' && error.scope === 'endpoint'
  const isNamed = model === undefined || error.model === model
  if (isNamed && !isDown) return error
  return aboutModel(error, model ?? error.model, isDown ? NOT_RUNNING : undefined)
}
