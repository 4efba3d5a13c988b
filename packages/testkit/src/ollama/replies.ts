import { HttpResponse } from 'msw'
import type { Refusal } from './chat-script.js'
import type { ServerState } from './server-state.js'

/** A JSON answer as gin writes it. */
export function reply(status: number, body: unknown): Response {
  return raw({ status, body: JSON.stringify(body) })
}

/** `{"error": text}`. */
export function errorReply(status: number, text: string): Response {
  return reply(status, { error: text })
}

/** The same for an error found while a stream was being begun, which sets a plain type (server/routes.go, streamResponse). */
export function streamErrorReply(status: number, text: string): Response {
  return raw({ status, body: JSON.stringify({ error: text }), contentType: 'application/json' })
}

/** A status and a body as they are. */
export function raw({
  status,
  body,
  contentType = 'application/json; charset=utf-8',
  headers = {},
}: Refusal): Response {
  return new HttpResponse(body, { status, headers: { 'content-type': contentType, ...headers } })
}

/** A path the server does not know. */
export function missingRoute(): Response {
  return raw({ status: 404, body: '404 page not found', contentType: 'text/plain' })
}

/** What a test has arranged for a path, if anything: a refusal, or silence. */
export async function arranged(
  state: ServerState,
  path: string,
  signal: AbortSignal,
): Promise<Response | undefined> {
  if (state.silentPaths.has(path)) return silence(signal)
  const next = state.refusals.get(path)?.shift() ?? state.outages.get(path)
  return next === undefined ? undefined : raw(next)
}

/** No headers until the client leaves. */
export function silence(signal: AbortSignal): Promise<Response> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(HttpResponse.error()), { once: true })
  })
}
