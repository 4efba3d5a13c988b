import type { Clock } from '@openmux/core'

/** `work`, or undefined when it takes longer than `limitMs`. What becomes of it later is not looked at. */
export function within<T>(work: Promise<T>, limitMs: number, clock: Clock): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(limitMs, () => resolve(undefined))
    work.then(
      (value) => {
        cancel()
        resolve(value)
      },
      (error: unknown) => {
        cancel()
        reject(error)
      },
    )
  })
}
