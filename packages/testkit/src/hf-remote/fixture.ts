import type { ErrorCode, ErrorScope } from '@openmux/core'
import { HttpResponse } from 'msw'

/**
 * How sure a fixture is. `verified`: by documentation or code of Hugging Face. `captured`: recorded from the live
 * service by somebody and published. `uncertain`: inferred, or seen once.
 */
export type HfMark = 'verified' | 'captured' | 'uncertain'

/** Who answers so: the router, the hub's API, the retired inference host, or a dedicated endpoint. */
export type HfSurface = 'router' | 'hub' | 'retired-host' | 'endpoint'

/** What a right reader makes of a failed answer. */
export interface HfExpectation {
  readonly code: ErrorCode
  readonly scope: ErrorScope
  /** ms from the moment of the answer, `never`, or `next-month`: the first of the next month, 00:00 UTC. Absent: not known. */
  readonly until?: number | 'never' | 'next-month'
}

/** One failed answer as it goes over the wire. */
export interface HfErrorFixture {
  readonly name: string
  readonly surface: HfSurface
  /** Repository, document or recording it was taken from. */
  readonly source: string
  readonly mark: HfMark
  readonly status: number
  /** Default: the content type that fits the body. */
  readonly headers?: Readonly<Record<string, string>>
  /** A text as it is, or a value as JSON. */
  readonly body: unknown
  readonly expected: HfExpectation
}

/** A fixture as an answer. `{key}` in a text becomes the token of the request, as servers quote it. */
export function hfErrorResponse(
  { status, headers, body }: Pick<HfErrorFixture, 'status' | 'headers' | 'body'>,
  request?: Request,
): Response {
  const key = request?.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll('{key}', key)
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  return new HttpResponse(text, { status, headers: { 'content-type': type, ...headers } })
}
