import type { RequestHandler } from 'msw'
import { HttpResponse } from 'msw'
import { streamBody } from '../server/stream-body.js'
import { fullModel } from './double-model.js'
import { route } from './list-routes.js'
import { errorReply, reply } from './replies.js'
import { findModel, readBody, textOf } from './request-body.js'
import { keyOf, type ServerState } from './server-state.js'

const NOT_FOUND = {
  missing: () => errorReply(400, 'model is required'),
  unknown: (name: string) => `model '${name}' not found`,
}
const LAYER = 'sha256:74701a8c35f6c8d9a4b91f3f3497643001d63e0c7a84e085bed452548fa88d45'

/** Pull, delete, and the part of generate that loads and unloads. */
export function manageRoutes(state: () => ServerState): readonly RequestHandler[] {
  return [
    route('post', '/api/pull', state, async (now, request) => {
      const body = await readBody(request)
      if (body instanceof Response) return body
      const name = textOf(body['model'] ?? body['name'])
      if (name === '' || /\s/.test(name)) return errorReply(400, 'invalid model name')
      const lines = now.pullScript ?? usualPull()
      if (lines.at(-1)?.['status'] === 'success') now.installed.set(keyOf(name), fullModel({ name }))
      // Failures too come after status 200, as one more line.
      return new HttpResponse(streamBody(lines.map((line) => `${JSON.stringify(line)}\n`)), {
        headers: { 'content-type': 'application/x-ndjson' },
      })
    }),
    route('delete', '/api/delete', state, async (now, request) => {
      const body = await readBody(request)
      if (body instanceof Response) return body
      const model = findModel(now, body['model'] ?? body['name'], NOT_FOUND)
      if (model instanceof Response) return model
      now.installed.delete(keyOf(model.name))
      now.loaded.delete(keyOf(model.name))
      return new HttpResponse(null, { status: 200 })
    }),
    route('post', '/api/generate', state, async (now, request) => {
      const body = await readBody(request)
      if (body instanceof Response) return body
      const model = findModel(now, body['model'], NOT_FOUND)
      if (model instanceof Response) return model
      if (body['prompt'] !== undefined) return errorReply(500, 'the double generates by /api/chat only')
      if (body['keep_alive'] === 0) now.loaded.delete(keyOf(model.name))
      const reason = body['keep_alive'] === 0 ? 'unload' : 'load'
      return reply(200, {
        model: body['model'],
        created_at: '2026-05-14T10:00:00Z',
        response: '',
        done: true,
        done_reason: reason,
      })
    }),
  ]
}

/** The lines of a download of one layer (docs/api.md [verified]). */
function usualPull(): readonly Readonly<Record<string, unknown>>[] {
  const layer = (completed: number) => ({
    status: `pulling ${LAYER.slice(7, 19)}`,
    digest: LAYER,
    total: 1_000,
    ...(completed > 0 ? { completed } : {}),
  })
  const others = ['verifying sha256 digest', 'writing manifest', 'success'].map((status) => ({ status }))
  return [{ status: 'pulling manifest' }, layer(0), layer(400), layer(1_000), ...others]
}
