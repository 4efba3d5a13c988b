import { type CallContext, OpenMuxError } from '@openmux/core'
import { callAborted } from '@openmux/http'

/**
 * Waits for a load that belongs to nobody in particular: the caller's leaving (`aborted`) or
 * deadline (`loading`) ends the wait and not the load.
 */
export function waitFor<T>(load: Promise<T>, model: string, context: CallContext): Promise<T> {
  const { signal, clock, deadline } = context
  return new Promise<T>((resolve, reject) => {
    const over = (): boolean => deadline !== undefined && clock.now() >= deadline
    let cancelTimer: (() => void) | undefined
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', leave)
      cancelTimer?.()
      finish()
    }
    // A deadline may reach us as an abort as well: the reason is the same.
    const leave = (): void =>
      settle(() => reject(over() ? stillLoading(model) : callAborted('ollama', model, signal.reason)))
    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave, { once: true })
    if (deadline !== undefined) {
      const expire = (): void => settle(() => reject(stillLoading(model)))
      cancelTimer = clock.after(Math.max(0, deadline - clock.now()), expire)
    }
    load.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    )
  })
}

function stillLoading(model: string): OpenMuxError {
  return new OpenMuxError({
    code: 'loading',
    provider: 'ollama',
    model,
    message: `${model} is still being loaded into memory.`,
    hint: 'The load goes on: ask again in a moment, or allow more time.',
  })
}
