import { type CallContext, isOpenMuxError, OpenMuxError } from '@openmux/core'

/** A provider's call under way: its context for the calls below it, and its end. */
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
 * For a provider's `close()`: links every call to it. A link of our own instead of `AbortSignal.any`:
 * a caller may keep one signal for thousands of calls, and nothing of ours may stay attached to it.
 */
export function createCallScopes(provider: string): CallScopes {
  const open = new Set<AbortController>()
  let closed = false
  return {
    begin(context, model) {
      const controller = new AbortController()
      const leave = (): void => controller.abort(context.signal.reason)
      if (closed) controller.abort(providerClosed(provider, model))
      else if (context.signal.aborted) leave()
      else {
        open.add(controller)
        context.signal.addEventListener('abort', leave, { once: true })
      }
      return {
        context: { ...context, signal: controller.signal },
        check() {
          if (!controller.signal.aborted) return
          throw closed
            ? providerClosed(provider, model)
            : callAborted(provider, model, controller.signal.reason)
        },
        end() {
          open.delete(controller)
          context.signal.removeEventListener('abort', leave)
        },
      }
    },
    close() {
      closed = true
      for (const controller of open) controller.abort(providerClosed(provider))
      open.clear()
    },
  }
}

/** Runs `work` as a call of its own: it gets the context of the call, and ends with the caller or with the provider. */
export async function inCallScope<T>(
  scopes: CallScopes,
  context: CallContext,
  model: string | undefined,
  work: (context: CallContext) => Promise<T>,
): Promise<T> {
  const scope = scopes.begin(context, model)
  try {
    scope.check()
    return await work(scope.context)
  } finally {
    scope.end()
  }
}

/** `aborted`, because the caller left, or because the provider was closed when that is the `cause`. */
export function callAborted(provider: string, model?: string, cause?: unknown): OpenMuxError {
  if (isOpenMuxError(cause) && cause.message === closedMessage(provider))
    return providerClosed(provider, model)
  return new OpenMuxError({
    code: 'aborted',
    provider,
    model,
    message: 'The caller left before the answer was there.',
    cause,
  })
}

function providerClosed(provider: string, model?: string): OpenMuxError {
  return new OpenMuxError({ code: 'aborted', provider, model, message: closedMessage(provider) })
}

function closedMessage(provider: string): string {
  return `The provider ${provider} was closed.`
}
