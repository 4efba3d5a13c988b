/**
 * Waits until `begin` calls its argument, or one of the signals is aborted, whichever is first, and
 * leaves no listener behind. `begin` returns what stops it.
 */
export function waitUnlessAborted(
  signals: readonly AbortSignal[],
  begin: (done: () => void) => (() => void) | undefined,
): Promise<'done' | 'aborted'> {
  return new Promise((resolve) => {
    if (signals.some((signal) => signal.aborted)) return resolve('aborted')
    const end = (how: 'done' | 'aborted'): void => {
      for (const signal of signals) signal.removeEventListener('abort', abort)
      stop?.()
      resolve(how)
    }
    const abort = (): void => end('aborted')
    for (const signal of signals) signal.addEventListener('abort', abort)
    const stop = begin(() => end('done'))
  })
}
