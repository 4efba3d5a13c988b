import { defined, type HttpClient } from '@openmux/http'
import { isInBandError } from '../wire/in-band-error.js'
import type { StartLoad } from './loader.js'

/**
 * The request that loads a model and generates nothing: a chat without messages, for embedding models an
 * embedding without texts (Ollama docs/api.md, "Load a model"). The server sends no headers
 * until the model is in memory, so there is no limit on the wait; the server has its own, five
 * minutes (OLLAMA_LOAD_TIMEOUT).
 */
export function createStartLoad(client: HttpClient): StartLoad {
  return async ({ model, calledAs, contextTokens, runnerOptions, embeds, keepAlive }, context) => {
    const path = embeds ? '/api/embed' : '/api/chat'
    const options = { ...runnerOptions, ...defined({ num_ctx: contextTokens }) }
    const json = {
      model,
      ...(embeds ? { input: [] } : { messages: [], stream: false }),
      ...(Object.keys(options).length > 0 ? { options } : {}),
      ...defined({ keep_alive: keepAlive }),
    }
    const { value, status } = await client.json({
      path,
      json,
      model: calledAs,
      context,
      timeouts: { headersMs: 0, idleMs: 0 },
    })
    if (isInBandError(value)) throw client.failure({ status, body: value, model: calledAs, path }, context)
  }
}
