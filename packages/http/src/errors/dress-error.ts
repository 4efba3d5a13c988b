import { OpenMuxError, redact, type UpstreamAnswer } from '@openmux/core'
import { networkError } from './network-error.js'

/** Who was asked for what, and what must not be shown. */
export interface ErrorOrigin {
  readonly provider: string
  readonly model?: string | undefined
  /** `host:port`. */
  readonly host: string
  readonly secrets: readonly string[]
}

/**
 * Whatever the transport or a reader threw, as an error that names its provider and model and holds no key.
 * An error that already names a provider is kept as it is.
 */
export function dressError(thrown: unknown, origin: ErrorOrigin): OpenMuxError {
  const error = networkError(thrown, origin.host)
  if (error.provider !== undefined) return error
  const { name: _name, stack: _stack, ...fields } = error
  return new OpenMuxError({
    ...fields,
    message: error.message,
    provider: origin.provider,
    model: origin.model,
    upstream: error.upstream === undefined ? undefined : cleanUpstream(error.upstream, origin.secrets),
    cause: error.cause,
    secrets: origin.secrets,
  })
}

/** Core redacts the body; the short fields may hold a key as well. */
export function cleanUpstream(upstream: UpstreamAnswer, secrets: readonly string[]): UpstreamAnswer {
  return {
    ...upstream,
    ...(upstream.code === undefined ? {} : { code: redact(upstream.code, secrets) }),
    ...(upstream.requestId === undefined ? {} : { requestId: redact(upstream.requestId, secrets) }),
  }
}
