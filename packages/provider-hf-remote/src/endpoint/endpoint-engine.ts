import { type CallContext, OpenMuxError } from '@openmux/core'
import { checkOptionNames } from '@openmux/core/names'
import { createHttpClient, type HttpClient, onlyProxyVariables, shapeOf } from '@openmux/http'
import { isOwnHost, readEndpointURL } from '../config/address.js'
import { bad } from '../config/bad-option.js'
import { environmentOf } from '../config/environment.js'
import { readToken, withoutToken } from '../config/token.js'
import { explainEndpoint } from '../errors/explain-endpoint.js'
import { beginColdStart, type ColdStart, type ColdStartOptions } from './cold-start.js'
import type { HfEndpointOptions } from './options.js'

/** The parts of one `hfEndpoint()`. */
export interface EndpointEngine {
  readonly id: string
  readonly client: HttpClient
  /** Absent: a public endpoint, or none is configured. */
  readonly token?: string
  readonly coldStart: ColdStartOptions
  readonly holds: boolean
  readonly options: HfEndpointOptions
  close(): Promise<void>
}

/** Every option, so that a misspelt one is told. */
const OPTIONS = {
  url: true,
  task: true,
  model: true,
  id: true,
  token: true,
  scaleUpTimeoutMs: true,
  scaleUp: true,
  supports: true,
  pooling: true,
  fetch: true,
  environment: true,
} satisfies Record<keyof HfEndpointOptions, true>

/** Checks the options and makes the parts. Throws `bad-config` that names the option. */
export function createEndpointEngine(options: HfEndpointOptions): EndpointEngine {
  checkOptionNames('hfEndpoint', options, OPTIONS)
  const { id = 'hf-endpoint', task, model, scaleUpTimeoutMs = 600_000, scaleUp = 'poll' } = options
  const baseURL = readEndpointURL(options.url)
  if (task !== 'chat' && task !== 'embeddings')
    throw bad(
      'task',
      `The option task must be chat or embeddings; it is ${shapeOf(task)}.`,
      'Say what the container serves.',
    )
  if (model !== undefined && (typeof model !== 'string' || model.trim() === ''))
    throw bad(
      'model',
      `The option model must be a name; it is ${shapeOf(model)}.`,
      'Give the name, or leave it out.',
    )
  if (!Number.isFinite(scaleUpTimeoutMs) || scaleUpTimeoutMs < 0)
    throw bad(
      'scaleUpTimeoutMs',
      `The option scaleUpTimeoutMs must be ms of at least 0; it is ${shapeOf(scaleUpTimeoutMs)}.`,
      'Leave it out for ten minutes; 0 waits not at all.',
    )
  if (scaleUp !== 'poll' && scaleUp !== 'hold')
    throw bad(
      'scaleUp',
      `The option scaleUp must be poll or hold; it is ${shapeOf(scaleUp)}.`,
      'Leave it out for poll.',
    )
  const token = tokenFor(options, baseURL, id)
  const closing = new AbortController()
  const client = createHttpClient({
    provider: id,
    baseURL,
    explain: explainEndpoint,
    environment: onlyProxyVariables(environmentOf(options.environment)),
    ...(token === undefined ? {} : { apiKey: token }),
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  })
  return {
    id,
    client,
    ...(token === undefined ? {} : { token }),
    coldStart: { provider: id, scaleUpTimeoutMs, closing: closing.signal },
    holds: scaleUp === 'hold',
    options,
    async close() {
      closing.abort()
      await client.close()
    },
  }
}

/** `undefined` without one: a public endpoint needs none. A key of another service is refused here, as it must not be sent. */
function tokenFor(
  { token, environment }: HfEndpointOptions,
  baseURL: string,
  id: string,
): string | undefined {
  const fromEnvironment = isOwnHost(baseURL) ? environmentOf(environment)['HF_TOKEN'] : undefined
  const read = readToken(token, fromEnvironment)
  const given = token ?? fromEnvironment ?? ''
  if (read.value === undefined && given.trim() !== '') {
    const { message, hint } = withoutToken(read, id)
    throw bad('token', message, hint)
  }
  return read.value
}

/** Does `work` again while the endpoint starts, under the wait and the deadline. */
export async function whileStarting<T>(
  { coldStart }: EndpointEngine,
  model: string,
  context: CallContext,
  work: (patience: ColdStart) => Promise<T>,
): Promise<T> {
  const patience = beginColdStart(coldStart, model, context)
  try {
    for (;;) {
      try {
        return await work(patience)
      } catch (error) {
        await patience.afterFailure(error)
      }
    }
  } catch (error) {
    throw named(error, coldStart.provider, model)
  } finally {
    patience.over()
  }
}

/** An `aborted` of a pause names provider and model like every other error. */
export function named(error: unknown, provider: string, model: string): unknown {
  if (!(error instanceof OpenMuxError) || error.provider !== undefined || error.code !== 'aborted')
    return error
  return new OpenMuxError({ code: 'aborted', message: error.message, provider, model })
}

/** The header that makes the proxy hold a request (hf-endpoints-documentation guides/autoscaling.md), in whole seconds. */
export function holdHeader({ holds }: EndpointEngine, leftMs: number): Readonly<Record<string, string>> {
  const seconds = Math.floor(Math.min(leftMs, 86_400_000) / 1_000)
  return holds && seconds > 0 ? { 'x-scale-up-timeout': String(seconds) } : {}
}
