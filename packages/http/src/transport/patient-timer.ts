/**
 * Calls `run` after `delayMs`, but not before input that has already arrived was handled. A process that was busy for
 * longer than a limit finds the answer waiting in its socket: that the timer comes first in the event loop does not
 * make the server slow. The returned function cancels it.
 */
export function patientTimer(delayMs: number, run: () => void): () => void {
  let cancelLastLook = (): void => undefined
  const timer = setTimeout(() => {
    cancelLastLook = afterInput(run)
  }, delayMs)
  return () => {
    clearTimeout(timer)
    cancelLastLook()
  }
}

/** In Node, immediates run after the sockets were read; elsewhere another turn of the loop has to do. */
function afterInput(run: () => void): () => void {
  if (typeof setImmediate === 'function') {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, 0)
  return () => clearTimeout(timer)
}
