import type { ResponseHeaders } from '../transport/response-headers.js'

/** `Date` headers have a grain of a second and travel a while; less than this is not worth correcting. */
const TOLERANCE_MS = 30_000

/**
 * How far our clock is ahead of the server's, ms, by its `Date` header; 0 when they agree or it is not known.
 * Without this a laptop whose clock is an hour off would wait an hour too long.
 */
export function clockSkew(headers: ResponseHeaders, now: number): number {
  const date = headers['date']
  const serverNow = date === undefined ? Number.NaN : Date.parse(date)
  const skew = now - serverNow
  return Math.abs(skew) > TOLERANCE_MS ? skew : 0
}
