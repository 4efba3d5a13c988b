import { isOpenMuxError, OpenMuxError } from '../errors/openmux-error.js'

/** Reads until the end, or until the reader's own signal says that nobody waits any more; then throws `aborted`. */
export async function* untilLeft<E>(
  events: AsyncIterableIterator<E>,
  signal: AbortSignal | undefined,
): AsyncGenerator<E, void> {
  const leave = (): void => void events.return?.()
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for (;;) {
      refuseAborted(signal)
      const step = await events.next()
      refuseAborted(signal)
      if (step.done === true) return
      yield step.value
    }
  } finally {
    signal?.removeEventListener('abort', leave)
    leave()
  }
}

/** Settles as `work` does; throws `aborted` as soon as the signal says that nobody waits any more. */
export function unlessLeft<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      try {
        refuseAborted(signal)
      } catch (thrown) {
        reject(thrown)
      }
    }
    signal.addEventListener('abort', leave, { once: true })
    leave()
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

function refuseAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return
  const reason: unknown = signal.reason
  if (isOpenMuxError(reason)) throw reason
  throw new OpenMuxError({ code: 'aborted', message: 'The caller left.', cause: reason })
}
