import type { HubCall } from './hub-client.js'

/** Resolves after `delayMs`, or as soon as the caller leaves; leaves nothing attached to the signal. */
export function pause(delayMs: number, { clock, signal }: Pick<HubCall, 'clock' | 'signal'>): Promise<void> {
  return new Promise((resolve) => {
    const wake = (): void => {
      cancel()
      signal.removeEventListener('abort', wake)
      resolve()
    }
    const cancel = clock.after(delayMs, wake, true)
    signal.addEventListener('abort', wake, { once: true })
  })
}
