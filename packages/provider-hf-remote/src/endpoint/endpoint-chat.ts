import { type ChatEvent, OpenMuxError, type Provider } from '@openmux/core'
import { beginColdStart } from './cold-start.js'
import { type EndpointEngine, named } from './endpoint-engine.js'

type Chat = NonNullable<Provider['chat']>

/** Chat that waits for a cold start, until the first event has come. */
export function createEndpointChat(engine: EndpointEngine, inner: Chat): Chat {
  const { coldStart, options, id } = engine
  return async function* chat(request, context): AsyncGenerator<ChatEvent> {
    const { model } = request
    if (options.model !== undefined && model !== options.model) throw anotherModel(id, model, options.model)
    const patience = beginColdStart(coldStart, model, context)
    try {
      for (;;) {
        let began = false
        try {
          for await (const event of inner(request, context)) {
            began = true
            patience.over()
            yield event
          }
          return
        } catch (error) {
          if (began) throw error
          await patience.afterFailure(error)
        }
      }
    } catch (error) {
      throw named(error, id, model)
    } finally {
      patience.over()
    }
  }
}

/** `model-not-found`: an endpoint serves one model. */
export function anotherModel(provider: string, model: string, served: string): OpenMuxError {
  return new OpenMuxError({
    code: 'model-not-found',
    provider,
    model,
    message: `This endpoint serves ${served}, not ${model}.`,
    hint: `Ask for ${served}, or leave the model out.`,
  })
}
