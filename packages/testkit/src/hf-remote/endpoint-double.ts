import { getResponse, http, HttpResponse, type RequestHandler } from 'msw'
import { openaiDouble, type OpenAIDouble } from '../openai/openai-double.js'
import { listOf, objectOf } from '../server/received-json.js'
import { errorCaseResponse, type ErrorOnTheWire } from '../corpus/error-case-response.js'
import { hfDoubleVector } from './vectors.js'

/** The containers a dedicated endpoint may run. */
export type EndpointContainer = 'tei' | 'tgi' | 'vllm'

/** Options of {@link hfEndpointDouble}. */
export interface HfEndpointDoubleOptions {
  readonly container: EndpointContainer
  /** Default `BAAI/bge-small-en-v1.5` for TEI, `tgi` for TGI, else `example/model`. */
  readonly model?: string
  /** Requests without this token get 401. Default: none is asked for. */
  readonly token?: string
  readonly dimensions?: number
  /** Most texts at once (TEI `--max-client-batch-size`). Default 32. */
  readonly maxBatch?: number
}

/** A dedicated Inference Endpoint: the proxy in front and a container behind it. */
export interface HfEndpointDouble {
  readonly handlers: readonly RequestHandler[]
  readonly chat: OpenAIDouble
  reset(): void
  /** Scaled to zero: the proxy answers 503 to the next `calls` requests, then a replica is there. */
  scaledToZero(calls: number): void
  /** Scaled to zero, and a request with `X-Scale-Up-Timeout` is held until the replica is there, without any 503. */
  holdsWhenAsked(): void
  /** Paused by its owner. */
  paused(): void
  /** The container answers every inference so; undefined: no longer. */
  refuse(fixture: ErrorOnTheWire | undefined): void
  /** Nothing at all from inference routes until the client leaves. */
  silence(): void
  /** TEI leaves out the last vector. */
  dropVector(): void
}

interface State {
  coldCalls: number
  holds: boolean
  paused: boolean
  silent: boolean
  drops: boolean
  refusal: ErrorOnTheWire | undefined
}

const fresh = (): State => ({
  coldCalls: 0,
  holds: false,
  paused: false,
  silent: false,
  drops: false,
  refusal: undefined,
})

/** Makes a double of one endpoint. */
export function hfEndpointDouble(options: HfEndpointDoubleOptions): HfEndpointDouble {
  const { container, token, dimensions = 384, maxBatch = 32 } = options
  const model =
    options.model ??
    (container === 'tei' ? 'BAAI/bge-small-en-v1.5' : container === 'tgi' ? 'tgi' : 'example/model')
  const chat = openaiDouble({ models: [{ id: model, kind: 'chat' }] })
  let state = fresh()

  /** What the proxy in front answers by itself; undefined: the request goes on to the container. */
  const proxy = (request: Request): Response | undefined => {
    if (token !== undefined && request.headers.get('authorization') !== `Bearer ${token}`)
      return HttpResponse.json({ error: 'Unauthorized' }, { status: 401 })
    // elastic/elasticsearch#112033, huggingface/agents-course#568. Captured.
    if (state.paused)
      return HttpResponse.json(
        { error: 'Bad Request: The endpoint is paused, ask a maintainer to restart it' },
        { status: 400 },
      )
    if (state.coldCalls === 0) return undefined
    // hf-endpoints-documentation guides/autoscaling.md.
    if (state.holds && request.headers.has('x-scale-up-timeout')) {
      state.coldCalls = 0
      return undefined
    }
    state.coldCalls -= 1
    return HttpResponse.json({ error: '503 Service Unavailable' }, { status: 503 })
  }

  const route =
    (work: (request: Request) => Response | Promise<Response>, infers = false) =>
    async ({ request }: { request: Request }): Promise<Response> => {
      const before = proxy(request)
      if (before !== undefined) return before
      if (infers && state.silent) return new Promise(() => undefined)
      if (infers && state.refusal !== undefined) return errorCaseResponse(state.refusal, request)
      return work(request)
    }

  const throughChat = async (request: Request): Promise<Response> => {
    const answer = await getResponse([...chat.handlers], request)
    if (answer === undefined) return notFound()
    const isStream = answer.headers.get('content-type')?.includes('event-stream') === true
    if (container !== 'tgi' || !isStream || answer.body === null) return answer
    // TGI writes `data:{…}` without a space (text-generation-inference router/src/server.rs). Verified.
    return new HttpResponse(answer.body.pipeThrough(withoutSpaces()), { headers: answer.headers })
  }

  const embed = async (request: Request): Promise<Response> => {
    const body = objectOf(await request.json())
    const texts = listOf(body['inputs']).map(String)
    if (texts.length === 0) return teiError(400, '`inputs` cannot be empty', 'empty')
    if (texts.length > maxBatch)
      return teiError(
        413,
        `batch size ${texts.length} > maximum allowed batch size ${maxBatch}`,
        'validation',
      )
    const long = texts.find((text) => text.length > 20_000)
    if (long !== undefined && body['truncate'] !== true)
      return teiError(
        413,
        `\`inputs\` must have less than 512 tokens. Given: ${Math.ceil(long.length / 4)}`,
        'validation',
      )
    const wanted = typeof body['dimensions'] === 'number' ? body['dimensions'] : dimensions
    const vectors = texts.map((text) => hfDoubleVector(text, wanted))
    return HttpResponse.json(state.drops ? vectors.slice(0, -1) : vectors)
  }

  const info = (): Response =>
    HttpResponse.json({
      model_id: model,
      model_sha: '5c38ec7c405ec4b44b94cc5a9bb96e735b38267a',
      model_dtype: 'float16',
      model_type: { embedding: { pooling: 'cls' } },
      max_concurrent_requests: 512,
      max_input_length: 512,
      max_batch_tokens: 16_384,
      max_client_batch_size: maxBatch,
      version: '1.9.3',
    })

  const tei = [http.post('*/embed', route(embed, true)), http.get('*/info', route(info))]
  const llm = [
    http.post('*/v1/chat/completions', route(throughChat, true)),
    http.get('*/v1/models', route(throughChat)),
  ]
  return {
    chat,
    handlers: [
      ...(container === 'tei' ? tei : llm),
      http.get(
        '*/health',
        route(() => new HttpResponse(null, { status: 200 })),
      ),
      http.all('*', route(notFound)),
    ],
    reset() {
      state = fresh()
      chat.reset()
    },
    scaledToZero(calls) {
      state.coldCalls = calls
    },
    holdsWhenAsked() {
      state.coldCalls = Number.POSITIVE_INFINITY
      state.holds = true
    },
    paused() {
      state.paused = true
    },
    refuse(fixture) {
      state.refusal = fixture
    },
    silence() {
      state.silent = true
    },
    dropVector() {
      state.drops = true
    },
  }
}

/** text-embeddings-inference router/src/http/types.rs, ErrorResponse. Verified. */
function teiError(status: number, error: string, type: string): Response {
  return HttpResponse.json({ error, error_type: type }, { status })
}

function notFound(): Response {
  return new HttpResponse('Not Found', { status: 404, headers: { 'content-type': 'text/plain' } })
}

function withoutSpaces(): TransformStream<Uint8Array, Uint8Array> {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()]
  return new TransformStream({
    transform(bytes, controller) {
      controller.enqueue(
        encoder.encode(decoder.decode(bytes, { stream: true }).replaceAll(/^data: /gm, 'data:')),
      )
    },
  })
}
