import { getResponse, http, HttpResponse, type RequestHandler } from 'msw'
import { openaiDouble, type OpenAIDouble } from '../openai/openai-double.js'
import { objectOf } from '../server/received-json.js'
import { featureExtractionResponse, type Nesting } from './feature-extraction.js'
import { errorCaseResponse, type ErrorOnTheWire } from '../corpus/error-case-response.js'
import {
  isChat,
  type MappingForm,
  modelInfoResponse,
  modelListResponse,
  routerModelsResponse,
  whoamiResponse,
} from './hub-routes.js'
import { HF_DOUBLE_MODELS, type HfDoubleModel } from './models.js'
import { chatRefusal } from './router-refusals.js'

/** The parts of Hugging Face that can be made to fail on their own. */
export type HfRoute = 'chat' | 'embeddings' | 'models' | 'mapping' | 'whoami'

/** Options of {@link hfDouble}. */
export interface HfDoubleOptions {
  /** Default: {@link HF_DOUBLE_MODELS}. */
  readonly models?: readonly HfDoubleModel[]
  /** The one token that is taken. Default: every token that begins with `hf_`. */
  readonly token?: string
}

/** The router and the hub API of Hugging Face, played by MSW handlers on one host or on two. */
export interface HfDouble {
  /** For `interceptHandlers` and `serveHandlers`; they match any host. */
  readonly handlers: readonly RequestHandler[]
  /** What chats are answered with. */
  readonly chat: OpenAIDouble
  /** Back to the beginning. */
  reset(): void
  /** Every request to a route gets this answer, or the next `calls` ones; undefined: no longer. */
  refuse(route: HfRoute, fixture: ErrorOnTheWire | undefined, calls?: number): void
  /** No headers from this route, until clients leave. */
  silence(route: HfRoute): void
  /** How feature extraction nests its numbers. Default `vectors`. */
  nesting(nesting: Nesting): void
  /** How the hub tells who serves a model. Default `object`. */
  mappingForm(form: MappingForm): void
  /** The token may no longer call inference providers. */
  withoutPermission(): void
  /** The router as the seed met it on 10 November 2025: a plain-text 404 whatever the path. */
  everythingNotFound(): void
}

interface State {
  refusals: Map<HfRoute, { fixture: ErrorOnTheWire; left: number }>
  silent: Set<HfRoute>
  nesting: Nesting
  form: MappingForm
  mayInfer: boolean
  notFound: boolean
}

function freshState(): State {
  return {
    refusals: new Map(),
    silent: new Set(),
    nesting: 'vectors',
    form: 'object',
    mayInfer: true,
    notFound: false,
  }
}

/** Makes a double. Nothing is generated; vectors depend on nothing but the text. */
export function hfDouble({ models = HF_DOUBLE_MODELS, token }: HfDoubleOptions = {}): HfDouble {
  const chat = openaiDouble({ models: models.map(({ id }) => ({ id, kind: 'chat' })) })
  let state = freshState()
  const modelNamed = (id: string): HfDoubleModel | undefined => models.find((model) => model.id === id)

  const authorized = (request: Request): boolean => {
    const given = request.headers.get('authorization') ?? ''
    return token === undefined ? given.startsWith('Bearer hf_') : given === `Bearer ${token}`
  }

  const route =
    (name: HfRoute, work: (request: Request) => Response | Promise<Response>, open = false) =>
    async ({ request }: { request: Request }): Promise<Response> => {
      if (state.notFound) return notFound(request)
      if (state.silent.has(name)) return new Promise(() => undefined)
      const refusal = state.refusals.get(name)
      if (refusal !== undefined && refusal.left > 0) {
        refusal.left -= 1
        return errorCaseResponse(refusal.fixture, request)
      }
      if (!open && !authorized(request))
        return HttpResponse.json({ error: 'Invalid username or password.' }, { status: 401 })
      return work(request)
    }

  const chats = async (request: Request): Promise<Response> => {
    const body = objectOf(
      await request
        .clone()
        .json()
        .catch(() => undefined),
    )
    const asked = String(body['model'])
    const [id = '', suffix] = asked.split(':')
    const model = modelNamed(id)
    const refusal = chatRefusal(asked, suffix, model)
    if (refusal !== undefined) return refusal
    const live = model?.serving.filter(({ status }) => status === 'live') ?? []
    const server = live.find(({ provider }) => provider === suffix) ?? live[0]
    const inner = new Request(request.url, {
      method: 'POST',
      headers: request.headers,
      body: JSON.stringify({ ...body, model: id }),
      signal: request.signal,
    })
    const answer = await getResponse([...chat.handlers], inner)
    if (answer === undefined || answer.type === 'error') return answer ?? notFound(request)
    answer.headers.set('x-inference-provider', server?.provider ?? 'unknown')
    answer.headers.set('x-request-id', 'Root=1-double')
    return answer
  }

  const extract = async (request: Request): Promise<Response> => {
    const id = decodeURIComponent(
      /\/hf-inference\/models\/(.+)\/pipeline\//.exec(new URL(request.url).pathname)?.[1] ?? '',
    )
    const model = modelNamed(id)
    const served = model?.serving.some(
      ({ provider, status, task }) =>
        provider === 'hf-inference' && status === 'live' && task !== 'conversational',
    )
    if (model === undefined || served !== true)
      return HttpResponse.json({ error: 'Model not supported by provider hf-inference' }, { status: 400 })
    const nesting = id.includes('token-level') ? 'tokens' : state.nesting
    return featureExtractionResponse(await request.json(), model.dimensions ?? 384, nesting)
  }

  const partner = async (request: Request): Promise<Response> => {
    const body = objectOf(await request.json())
    const model = models.find(({ serving }) => serving.some(({ providerId }) => providerId === body['model']))
    if (model === undefined)
      return HttpResponse.json(
        { error: { message: `The model '${String(body['model'])}' does not exist.` } },
        { status: 404 },
      )
    const vectors = await featureExtractionResponse(
      { inputs: body['input'] },
      model.dimensions ?? 384,
      'vectors',
    ).json()
    const data = (vectors as readonly unknown[]).map((embedding, index) => ({
      object: 'embedding',
      index,
      embedding,
    }))
    return HttpResponse.json({
      object: 'list',
      model: body['model'],
      data,
      usage: { prompt_tokens: 5, total_tokens: 5 },
    })
  }

  const info = (request: Request): Response => {
    const { pathname } = new URL(request.url)
    const model = modelNamed(decodeURIComponent(pathname.replace(/^.*\/api\/models\//, '')))
    if (model !== undefined) return modelInfoResponse(model, state.form)
    // huggingface_hub utils/_http.py: `RepoNotFound`; 401 for those who did not say who they are.
    const headers = { 'x-error-code': 'RepoNotFound', 'x-error-message': 'Repository not found' }
    return HttpResponse.json(
      { error: 'Repository not found' },
      { status: authorized(request) ? 404 : 401, headers },
    )
  }

  return {
    chat,
    handlers: [
      http.post('*/v1/chat/completions', route('chat', chats)),
      http.get(
        '*/v1/models',
        route('models', () => routerModelsResponse(models.filter(isChat)), true),
      ),
      http.post(/\/hf-inference\/models\/.+\/pipeline\/feature-extraction$/, route('embeddings', extract)),
      http.post(
        /\/(?:deepinfra\/v1\/openai|together\/v1|scaleway\/v1)\/embeddings$/,
        route('embeddings', partner),
      ),
      http.get(
        '*/api/whoami-v2',
        route('whoami', () => whoamiResponse(state.mayInfer)),
      ),
      http.get(/\/api\/models\/.+/, route('mapping', info, true)),
      http.get(
        '*/api/models',
        route('models', (request) => modelListResponse(models, new URL(request.url)), true),
      ),
      // The forms the seed tried, and any other: `Not Found` as plain text, not JSON. Captured.
      http.all('*', ({ request }) => notFound(request)),
    ],
    reset() {
      state = freshState()
      chat.reset()
    },
    refuse(name, fixture, calls = Number.POSITIVE_INFINITY) {
      if (fixture === undefined) state.refusals.delete(name)
      else state.refusals.set(name, { fixture, left: calls })
    },
    silence(name) {
      state.silent.add(name)
    },
    nesting(nesting) {
      state.nesting = nesting
    },
    mappingForm(form) {
      state.form = form
    },
    withoutPermission() {
      state.mayInfer = false
    },
    everythingNotFound() {
      state.notFound = true
    },
  }
}

function notFound(request: Request): Response {
  const text =
    request.method === 'GET' ? 'Not Found' : `Cannot ${request.method} ${new URL(request.url).pathname}`
  return new HttpResponse(text, { status: 404, headers: { 'content-type': 'text/plain; charset=utf-8' } })
}
