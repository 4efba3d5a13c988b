import { type CallContext, isOpenMuxError, OpenMuxError } from '@openmux/core'

const CLOSED = 'The Ollama provider was closed.'

/** A call under way: its context for the calls below it, and its end. */
export interface CallScope {
  /** The caller's context with a signal that is also aborted when the provider is closed. */
  readonly context: CallContext
  /** Throws `aborted` when the caller has left or the provider was closed. */
  check(): void
  /** Lets go of the caller's signal. */
  end(): void
}

/** Begins calls that end with the caller or with the provider, whichever goes first. */
export interface CallScopes {
  begin(context: CallContext, model?: string): CallScope
  /** Ends every call under way with `aborted`, and every later one at once. */
  close(): void
}

/**
 * A link of our own instead of `AbortSignal.any`: a caller may keep one signal for thousands of
 * calls, and nothing of ours may stay attached to it.
 */
export function createCallScopes(): CallScopes {
  const open = new Set<AbortController>()
  let closed = false
  return {
    begin(context, model) {
      const controller = new AbortController()
      const leave = (): void => controller.abort(context.signal.reason)
      if (closed) controller.abort(closedError(model))
      else if (context.signal.aborted) leave()
      else {
        open.add(controller)
        context.signal.addEventListener('abort', leave, { once: true })
      }
      return {
        context: { ...context, signal: controller.signal },
        check() {
          if (controller.signal.aborted)
            throw closed ? closedError(model) : abortedError(model, controller.signal.reason)
        },
        end() {
          open.delete(controller)
          context.signal.removeEventListener('abort', leave)
        },
      }
    },
    close() {
      closed = true
      for (const controller of open) controller.abort(closedError())
      open.clear()
    },
  }
}

/** `aborted`, because the caller left, or because the provider was closed when that is the `cause`. */
export function abortedError(model?: string, cause?: unknown): OpenMuxError {
  if (isOpenMuxError(cause) && cause.message === CLOSED) return closedError(model)
  return new OpenMuxError({
    code: 'aborted',
    provider: 'ollama',
    model,
    message: 'The caller left before the answer was there.',
    cause,
  })
}

function closedError(model?: string): OpenMuxError {
  return new OpenMuxError({
    code: 'aborted',
    provider: 'ollama',
    model,
    message: CLOSED,
  })
}
