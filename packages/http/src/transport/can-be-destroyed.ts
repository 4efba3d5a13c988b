import type { ConnectingSocket } from './undici-exchange.js'

/** Whether a value can be given up as a socket. */
export function canBeDestroyed(value: unknown): value is ConnectingSocket {
  return (
    typeof value === 'object' && value !== null && 'destroy' in value && typeof value.destroy === 'function'
  )
}
