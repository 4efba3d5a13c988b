import { HttpResponse } from 'msw'
import { listOf, objectOf, type Received } from '../server/received-json.js'
import type { ListedModel } from './fixtures/models.js'

/** An answer with OpenRouter's error body. */
export function refuse(status: number, message: string, metadata?: object): Response {
  const error = { message, code: status, ...(metadata === undefined ? {} : { metadata }) }
  return HttpResponse.json({ error }, { status })
}

/** An unknown model is 400, with the newer body that has no `code` (OpenRouterTeam/docs changelog.mdx, August 2026). */
export function unknownModel(model: unknown): Response {
  const error = {
    message: `${String(model)} is not a valid model ID`,
    error_type: 'invalid_request',
    http_status: 400,
    availability: { code: 'model_not_found', retryable: false, requested_models: [model] },
  }
  return HttpResponse.json({ error }, { status: 400 })
}

/** The right model at the wrong endpoint (same source). */
export function wrongEndpoint(task: string): Response {
  const error = {
    message: `This model does not support ${task}.`,
    error_type: 'invalid_request',
    http_status: 400,
    availability: { code: 'wrong_endpoint', retryable: false },
  }
  return HttpResponse.json({ error }, { status: 400 })
}

/**
 * What OpenRouter refuses for a model: images where it sees none, parameters it does not know when all are required.
 * Without `require_parameters` they are dropped silently. Undefined: nothing. Source: OpenRouterTeam/docs
 * guides/routing/provider-selection.mdx; words recorded in public issues.
 */
export function refusalFor(body: Received, model: ListedModel): Response | undefined {
  const inputs = listOf(objectOf(model['architecture'])['input_modalities'])
  if (hasImage(body) && !inputs.includes('image'))
    return refuse(404, 'No endpoints found that support image input')
  if (listOf(body['messages']).length === 0)
    return refuse(400, 'Input required: specify "prompt" or "messages"')
  const known = listOf(model['supported_parameters'])
  const wants = [
    ...(listOf(body['tools']).length > 0 ? ['tools'] : []),
    ...(objectOf(body['response_format'])['type'] === 'json_schema' ? ['structured_outputs'] : []),
  ]
  const required = objectOf(body['provider'])['require_parameters'] === true
  if (!required || known.length === 0 || wants.every((name) => known.includes(name))) return undefined
  return refuse(404, 'No endpoints found that can handle the requested parameters.')
}

function hasImage(body: Received): boolean {
  return listOf(body['messages'])
    .flatMap((message) => listOf(objectOf(message)['content']))
    .some((part) => objectOf(part)['type'] === 'image_url')
}
