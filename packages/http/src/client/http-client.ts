import type { CallContext, OpenMuxError } from '@openmux/core'
import { answerError } from '../errors/answer-error.js'
import { dressError, type ErrorOrigin } from '../errors/dress-error.js'
import { isHtml, notJsonError } from '../errors/not-json-error.js'
import { secretForms } from '../errors/secrets.js'
import { ownEnvironment } from '../proxy/environment.js'
import { proxySecrets } from '../proxy/proxies.js'
import { DEFAULT_MAX_LINE_BYTES } from '../readers/line-decoder.js'
import { tellLimits } from '../limits/limit-reports.js'
import { defaultTransport, isNode } from '../transport/default-transport.js'
import { fetchTransport } from '../transport/fetch-transport.js'
import type { ResponseHeaders } from '../transport/response-headers.js'
import { checkedTimeouts } from '../transport/timeouts.js'
import type { TransportResponse } from '../transport/transport.js'
import { parseBaseURL } from './base-url.js'
import { buildRequest, type RequestBase } from './build-request.js'
import { collectFailure, collectText, refuseStatedSize } from './collect.js'
import type { HttpCall, JsonAnswer, StreamAnswer, TextAnswer } from './http-call.js'
import type { HttpClientOptions } from './http-client-options.js'
import { parseJson } from './parse-json.js'
import { checkedHeaders, checkedKey, refuseExposedKey } from './request-headers.js'
import { shownPath } from './request-url.js'
import { streamAnswer } from './stream-answer.js'

/** Bytes read of a failed answer, and how long we wait for them. */
const FAILURE_BYTES = 64 * 1024
const FAILURE_WAIT_MS = 5_000
const DEFAULT_MAX_BODY_BYTES = 64 * 1024 * 1024

/** A failure that was found inside an answer. */
export interface FoundFailure {
  readonly status: number
  readonly headers?: ResponseHeaders
  /** Text as it came, or the parsed value. */
  readonly body: unknown
  readonly model?: string
  readonly path: string
}

/**
 * Talks to one server for one provider. Every failure is an `OpenMuxError` that names provider and model and
 * holds no key: `aborted`, `network`, `timeout`, `truncated`, `too-large`, `bad-response`, `bad-request`,
 * `endpoint-moved`, `needs-setup` (a proxy where a person must act), and what the error tables make of a failed answer.
 */
export interface HttpClient {
  /** `host:port` of the only server this client sends anything to. */
  readonly host: string
  /** Checked, without trailing slashes. */
  readonly baseURL: string
  /** A whole answer in JSON. */
  json(call: HttpCall): Promise<JsonAnswer>
  /** A whole answer as text. */
  text(call: HttpCall): Promise<TextAnswer>
  /** An answer read while it comes; resolves with its headers. A web page throws `bad-response`, a stated size above `maxBodyBytes` `too-large`. */
  stream(call: HttpCall): Promise<StreamAnswer>
  /** The typed error that a failed status would have given, for failures inside a 200 or a line of a stream. */
  failure(answer: FoundFailure, context: CallContext): OpenMuxError
  /** Ends calls under way with `aborted` and closes the connections. Safe to call twice. */
  close(): Promise<void>
}

/** Makes a client. Does no I/O. Throws `bad-config` naming the option at fault. */
export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { provider } = options
  const common = requestBase(options)
  const { host, href: baseURL } = common.base
  const { apiKey } = options
  const mayGoByProxy = options.fetch === undefined && isNode()
  const ofProxy = mayGoByProxy ? proxySecrets(options.environment ?? ownEnvironment()) : []
  const secrets = [...secretForms({ apiKey, headers: common.headers }), ...ofProxy]
  const maxBodyBytes = options.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES
  const maxLineBytes = options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES
  const transport =
    options.transport ??
    (options.fetch === undefined ? defaultTransport(options.environment) : fetchTransport(options.fetch))

  const originOf = (call: HttpCall): ErrorOrigin => new CallOrigin(provider, host, call, secretsOf)
  // Worked out only when a call has places for keys of its own, and then again with all keys, longest first.
  const secretsOf = ({ headers, path }: HttpCall): readonly string[] =>
    headers === undefined && !path.includes('?')
      ? secrets
      : [...secretForms({ apiKey, headers: { ...common.headers, ...headers }, path }), ...ofProxy]

  /** Sends, hands a success to `use`, and makes every failure on the way a typed one. */
  const send = async <T>(
    call: HttpCall,
    accept: string,
    use: (response: TransportResponse, origin: ErrorOrigin) => T | Promise<T>,
  ): Promise<T> => {
    try {
      const response = await transport.send(buildRequest(call, accept, common))
      const { status, headers } = response
      if (status >= 200 && status < 300) {
        tellLimits(options.limits, call.context, {
          status,
          headers,
          now: call.context.clock.now(),
          ...modelOf(call),
        })
        const used = use(response, originOf(call))
        return used instanceof Promise ? await used : used
      }
      const body = await collectFailure(response, FAILURE_BYTES, FAILURE_WAIT_MS)
      throw failed(status, headers, body, call)
    } catch (thrown) {
      throw dressError(thrown, originOf(call))
    }
  }

  const failed = (status: number, headers: ResponseHeaders, body: string, call: HttpCall): OpenMuxError => {
    const now = call.context.clock.now()
    const json = parseJson(body)
    const answer = { status, headers, body, json, ...modelOf(call), path: shownPath(call.path), now }
    tellLimits(options.limits, call.context, answer)
    return answerError(answer, originOf(call), options.explain)
  }

  return {
    host,
    baseURL,
    json: (call) =>
      send(call, 'application/json', async (response, origin) => {
        const { status, headers } = response
        const text = await collectText(response, maxBodyBytes)
        const value = parseJson(text)
        if (value === undefined) throw notJsonError(status, headers, text, origin)
        return { status, headers, value }
      }),
    text: (call) =>
      send(call, '*/*', async (response) => {
        const { status, headers } = response
        return { status, headers, text: await collectText(response, maxBodyBytes) }
      }),
    stream: (call) =>
      send(call, 'text/event-stream, application/x-ndjson, application/json', (response, origin) => {
        if (isHtml(response.headers)) return refusePage(response, origin)
        refuseStatedSize(response, maxBodyBytes)
        return streamAnswer(response, maxLineBytes, origin)
      }),
    failure({ status, headers, body, model, path }, context) {
      const text = typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
      return failed(status, headers ?? {}, text, { path, context, ...(model === undefined ? {} : { model }) })
    },
    async close() {
      if (options.transport === undefined) await transport.close()
    },
  }
}

/** Where an error came from. What must not be shown in it is looked for when there is one. */
class CallOrigin implements ErrorOrigin {
  readonly provider: string
  readonly host: string
  readonly model: string | undefined
  readonly #call: HttpCall
  readonly #secretsOf: (call: HttpCall) => readonly string[]

  constructor(
    provider: string,
    host: string,
    call: HttpCall,
    secretsOf: (call: HttpCall) => readonly string[],
  ) {
    this.provider = provider
    this.host = host
    this.model = call.model
    this.#call = call
    this.#secretsOf = secretsOf
  }

  get secrets(): readonly string[] {
    return this.#secretsOf(this.#call)
  }
}

async function refusePage(response: TransportResponse, origin: ErrorOrigin): Promise<never> {
  const page = await collectFailure(response, FAILURE_BYTES, FAILURE_WAIT_MS)
  throw notJsonError(response.status, response.headers, page, origin)
}

function modelOf({ model }: HttpCall): { readonly model?: string } {
  return model === undefined ? {} : { model }
}

function requestBase(options: HttpClientOptions): RequestBase {
  const { provider } = options
  const base = parseBaseURL(options.baseURL, provider)
  const key = checkedKey(options.apiKey, provider)
  const headers = checkedHeaders(options.headers, provider)
  if (key !== undefined) headers['authorization'] = `Bearer ${key}`
  const keysAllowed = !base.exposed || options.allowInsecureKey === true
  if (!keysAllowed) refuseExposedKey(headers, base.host, provider)
  return { provider, base, headers, keysAllowed, timeouts: checkedTimeouts(options.timeouts, provider) }
}
