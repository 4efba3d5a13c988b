import { ContractViolation } from './violation.js'

/** `work`, or a violation that names `what` did not happen within `limitMs`. */
export async function within<T>(
  limitMs: number,
  what: string | (() => string),
  work: PromiseLike<T>,
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ContractViolation(
            `${typeof what === 'string' ? what : what()} did not happen within ${limitMs} ms`,
          ),
        ),
      limitMs,
    )
  })
  try {
    return await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

/** Polls until `holds`, at most `limitMs`; whether it came to hold, and after how long. */
export async function becomes(
  limitMs: number,
  holds: () => boolean,
): Promise<{ held: boolean; afterMs: number }> {
  const start = performance.now()
  for (;;) {
    const afterMs = performance.now() - start
    if (holds()) return { held: true, afterMs }
    if (afterMs > limitMs) return { held: false, afterMs }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
}

/** Lets everything that is due run: timers of 0 ms, network events, promise jobs. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}
