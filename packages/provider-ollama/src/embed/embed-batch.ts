import { type CallContext, OpenMuxError } from '@openmux/core'
import type { HttpClient, JsonObject } from '@openmux/http'
import { notOllama } from '../server-api.js'
import { type EmbedAnswer, readEmbedAnswer } from '../wire/embed-answer.js'
import { isInBandError } from '../wire/in-band-error.js'

const PATH = '/api/embed'

/** One request to `/api/embed`: one vector for each text, or an error. */
export async function embedBatch(
  client: HttpClient,
  body: JsonObject & { readonly input: readonly string[] },
  model: string,
  context: CallContext,
): Promise<EmbedAnswer> {
  const { value, status } = await client.json({
    path: PATH,
    json: body,
    model,
    context,
    timeouts: { headersMs: 0, idleMs: 0 },
  })
  if (isInBandError(value)) throw client.failure({ status, body: value, model, path: PATH }, context)
  const answer = readEmbedAnswer(value)
  if (answer === undefined) throw notOllama(client.host, PATH, model)
  if (answer.vectors.length !== body.input.length) {
    throw new OpenMuxError({
      code: 'bad-response',
      provider: 'ollama',
      model,
      message: `Ollama gave ${answer.vectors.length} vectors for ${body.input.length} texts.`,
    })
  }
  return answer
}
