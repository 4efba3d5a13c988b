import { type CallContext, OpenMuxError } from '@openmux/core'
import { type HttpCall, type HttpClient, objectOf, textOf, type TransportTimeouts } from '@openmux/http'
import { isInBandError } from './wire/in-band-error.js'
import { type OllamaRunningModel, readRunning } from './wire/running.js'
import { type OllamaModelInfo, readShow } from './wire/show.js'
import { type OllamaModel, readTags } from './wire/tags.js'

/** Answers from memory come at once; a server that takes longer than this is in trouble. */
const QUICK: Partial<TransportTimeouts> = { headersMs: 10_000, idleMs: 10_000 }
/** A probe must not hold up the choice among providers. */
const PROBE: Partial<TransportTimeouts> = { connectMs: 2_000, headersMs: 3_000, idleMs: 3_000 }

/** The questions to the server that have a short answer. Each asks anew. */
export interface ServerApi {
  /** `GET /api/version`, with the short limits of a probe. `bad-response` when something else answers. */
  version(context: CallContext): Promise<string>
  /** `GET /api/tags`: the models it has. */
  tags(context: CallContext): Promise<readonly OllamaModel[]>
  /** `GET /api/ps`: the models in memory; undefined on servers that cannot tell. */
  running(context: CallContext): Promise<readonly OllamaRunningModel[] | undefined>
  /** `POST /api/show`. */
  show(model: string, context: CallContext): Promise<OllamaModelInfo>
}

/** The short questions over `client`. */
export function createServerApi(client: HttpClient): ServerApi {
  const ask = async <T>(
    call: HttpCall,
    read: (value: unknown) => T | undefined,
    timeouts = QUICK,
  ): Promise<T> => {
    const { value, status } = await client.json({ ...call, timeouts })
    if (isInBandError(value))
      throw client.failure({ status, body: value, path: call.path, ...modelOf(call) }, call.context)
    const answer = read(value)
    if (answer === undefined) throw notOllama(client.host, call.path, call.model)
    return answer
  }
  return {
    version: (context) =>
      ask({ path: '/api/version', context }, (value) => textOf(objectOf(value)?.['version']), PROBE),
    tags: (context) => ask({ path: '/api/tags', context }, readTags),
    async running(context) {
      try {
        return await ask({ path: '/api/ps', context }, readRunning)
      } catch (error) {
        // Servers before 0.1.33 and proxies that let only the main routes through.
        if (error instanceof OpenMuxError && ['not-found', 'needs-setup'].includes(error.code))
          return undefined
        throw error
      }
    },
    show: (model, context) => ask({ path: '/api/show', json: { model }, model, context }, readShow),
  }
}

function modelOf(call: HttpCall): { model?: string } {
  return call.model === undefined ? {} : { model: call.model }
}

/** An answer that no Ollama server gives. */
export function notOllama(host: string, path: string, model?: string): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-response',
    provider: 'ollama',
    model,
    message: `${host} answers ${path} with something that is not Ollama's.`,
    hint: 'Another program may be listening there: check OLLAMA_HOST or `baseURL`.',
  })
}
