import { http, HttpResponse, type RequestHandler } from 'msw'
import { streamBody } from '../server/stream-body.js'
import { CORPUS_NOW, type CorpusProvider, type UpstreamErrorCase } from './upstream-error.js'

/** What of a case goes over the wire. */
export type ErrorOnTheWire = Pick<UpstreamErrorCase, 'status' | 'headers' | 'body' | 'events' | 'ending'> & {
  readonly provider?: CorpusProvider
}

/** By it readers see what the moments in headers and bodies are told from, whatever their own clock says. */
const DATE = new Date(CORPUS_NOW).toUTCString()

/** A case as an answer, byte for byte. `{key}` in its texts becomes the key of the request, as servers quote it. */
export function errorCaseResponse(one: ErrorOnTheWire, request?: Request): Response {
  const { status, headers, body, events, ending, provider } = one
  const key = request?.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const quoted = (text: string): string => text.replaceAll('{key}', key)
  if (events !== undefined) {
    const lines = provider === 'ollama'
    const pieces = events.map((event) => quoted(framed(event, lines)))
    const type = lines ? 'application/x-ndjson' : 'text/event-stream; charset=utf-8'
    return new HttpResponse(streamBody(pieces, ending), {
      status,
      headers: { date: DATE, 'content-type': type, ...headers },
    })
  }
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '')
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  // Statuses like these never have a body.
  const bodiless = status === 204 || status === 205 || status === 304
  return new HttpResponse(bodiless ? null : quoted(text), {
    status,
    headers: { date: DATE, 'content-type': type, ...headers },
  })
}

/** A handler that answers every request to a path so, for `serveHandlers(…).use(…)`. Default: to any path. */
export function errorCaseHandler(one: ErrorOnTheWire, path: string | RegExp = '*'): RequestHandler {
  return http.all(path, ({ request }) => errorCaseResponse(one, request))
}

function framed(event: unknown, lines: boolean): string {
  if (typeof event === 'string') return event
  return lines ? `${JSON.stringify(event)}\n` : `data: ${JSON.stringify(event)}\n\n`
}
