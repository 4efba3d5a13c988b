import { HttpResponse } from 'msw'
import { streamBody } from '../server/stream-body.js'
import type { OpenAIFixture } from './fixture.js'

/** How the bytes of a stream are cut into packets. */
export type Packets = (bytes: Uint8Array) => readonly Uint8Array[]

/** The bytes of a fixture's stream. */
export function fixtureBytes({ frames = [] }: OpenAIFixture): Uint8Array {
  return new TextEncoder().encode(frames.join(''))
}

/** A fixture as an answer. `{key}` in a text becomes the key of the request, as servers quote it. */
export function fixtureResponse(fixture: OpenAIFixture, request: Request, packets?: Packets): Response {
  const { status = 200, headers, body, frames } = fixture
  if (frames !== undefined) {
    const pieces = packets === undefined ? frames : packets(fixtureBytes(fixture))
    const usual = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' }
    return new HttpResponse(streamBody(pieces, fixture.ending), { status, headers: headers ?? usual })
  }
  const key = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll('{key}', key)
  return new HttpResponse(text, { status, headers: headers ?? { 'content-type': 'application/json' } })
}
