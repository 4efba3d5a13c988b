import { HttpResponse } from 'msw'
import type { HfDoubleModel } from './models.js'

/** The router's 400 envelope (captured in public issues: cline#5098, page-assist#727). */
function refuse(message: string, code: string): Response {
  return HttpResponse.json(
    { error: { message, type: 'invalid_request_error', param: 'model', code } },
    { status: 400 },
  )
}

/** What the router says of a model it cannot chat with; undefined: it can. */
export function chatRefusal(
  asked: string,
  suffix: string | undefined,
  model: HfDoubleModel | undefined,
): Response | undefined {
  if (model === undefined) return refuse(`The requested model '${asked}' does not exist.`, 'model_not_found')
  const live = model.serving.filter(({ status, task }) => status === 'live' && task === 'conversational')
  const isPolicy = suffix === undefined || ['fastest', 'cheapest', 'preferred'].includes(suffix)
  if (live.some(({ provider }) => isPolicy || provider === suffix)) return undefined
  return refuse(
    `The requested model '${asked}' is not supported by any provider you have enabled.`,
    'model_not_supported',
  )
}
