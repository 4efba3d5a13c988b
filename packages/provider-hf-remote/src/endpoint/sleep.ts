import { type CallContext, OpenMuxError } from '@openmux/core'

/** Waits by the call's clock. Ends early with `aborted` when the caller leaves or `closing` is aborted. */
export function sleep(delayMs: number, { signal, clock }: CallContext, closing: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      cancelTimer()
      signal.removeEventListener('abort', leave)
      closing.removeEventListener('abort', leave)
      finish()
    }
    const leave = (): void => settle(() => reject(left(closing.aborted)))
    if (signal.aborted || closing.aborted) {
      reject(left(closing.aborted))
      return
    }
    const cancelTimer = clock.after(delayMs, () => settle(resolve))
    signal.addEventListener('abort', leave, { once: true })
    closing.addEventListener('abort', leave, { once: true })
  })
}

function left(closed: boolean): OpenMuxError {
  const message = closed ? 'The provider was closed.' : 'The caller left while the endpoint was starting.'
  return new OpenMuxError({ code: 'aborted', message })
}
