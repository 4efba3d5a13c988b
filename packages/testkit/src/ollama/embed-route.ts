import type { RequestHandler } from 'msw'
import { route } from './list-routes.js'
import { errorReply, missingRoute, reply } from './replies.js'
import { findModel, readBody, wrongOption } from './request-body.js'
import { objectOf } from '../server/received-json.js'
import { contextFor, ensureLoaded, type ServerState, traitsOf } from './server-state.js'
import { textVector } from './text-vectors.js'
import { tokensOf } from './token-count.js'

/** `/api/embed` (server/routes.go, EmbedHandler [verified, v0.24.0]). */
export function embedRoute(state: () => ServerState): RequestHandler {
  return route('post', '/api/embed', state, async (now, request) => {
    if (!traitsOf(now).hasEmbed) return missingRoute()
    const body = await readBody(request)
    if (body instanceof Response) return body
    const input = inputsOf(body['input'])
    if (input === undefined) return errorReply(400, 'invalid input type')
    const missing = () => errorReply(404, "model '' not found")
    // The one route with double quotes: the model is looked for by the scheduler.
    const model = findModel(now, body['model'], {
      missing,
      unknown: (name) => `model "${name}" not found, try pulling it first`,
    })
    if (model instanceof Response) return model
    const options = objectOf(body['options'])
    const refusal = wrongOption(options)
    if (refusal !== undefined) return refusal

    const context = contextFor(model, options['num_ctx'])
    const failure = await ensureLoaded(now, model, context, request.signal).catch(() => 'context canceled')
    if (failure !== undefined) return errorReply(500, failure)
    if (input.length === 0) return reply(200, { model: body['model'], embeddings: [] })
    if (!model.capabilities.includes('embedding'))
      return errorReply(501, 'this model does not support embeddings')

    const counts = input.map((text) => tokensOf(text).length + 2)
    if (body['truncate'] === false && counts.some((count) => count > context))
      return errorReply(400, traitsOf(now).tooLong)
    const asked = body['dimensions']
    const length =
      typeof asked === 'number' && asked > 0 ? Math.min(asked, model.embeddingLength) : model.embeddingLength
    const vectors = input.map((text) => shortened(textVector(text, model.embeddingLength), length))
    return reply(200, {
      model: body['model'],
      embeddings: now.dropsVector ? vectors.slice(0, -1) : vectors,
      total_duration: 28_034_560,
      load_duration: 11_523_321,
      prompt_eval_count: counts.reduce((all, count) => all + Math.min(count, context), 0),
    })
  })
}

function inputsOf(input: unknown): readonly string[] | undefined {
  if (input === undefined || input === null || input === '') return []
  if (typeof input === 'string') return [input]
  return Array.isArray(input) && input.every((text) => typeof text === 'string') ? input : undefined
}

function shortened(vector: readonly number[], length: number): readonly number[] {
  const part = vector.slice(0, length)
  const norm = Math.hypot(...part)
  return part.map((value) => value / norm)
}
