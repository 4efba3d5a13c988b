import { objectOf } from '@openmux/http'

/** Whether a line or body that came with a success status is in truth an error: `{"error": …}`. */
export function isInBandError(value: unknown): boolean {
  const line = objectOf(value)
  return line !== undefined && line['error'] !== undefined && line['error'] !== null && line['error'] !== ''
}
