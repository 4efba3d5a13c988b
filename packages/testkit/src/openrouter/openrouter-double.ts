import { http, HttpResponse, type RequestHandler } from 'msw'
import type { ChatAnswer } from '../openai/chat-script.js'
import { embedAnswer } from '../openai/embed-answer.js'
import { fixtureResponse, type Packets } from '../openai/fixture-response.js'
import { promptTokens } from '../openai/received-body.js'
import { objectOf, type Received } from '../server/received-json.js'
import { usualAnswer } from '../openai/usual-answer.js'
import { silence } from '../server/silence.js'
import { chatResponse } from './chat-response.js'
import {
  type DoubleState,
  FREE_KEY,
  freshState,
  type OpenRouterPath,
  type OpenRouterRefusal,
} from './double-state.js'
import type { ListedModel } from './fixtures/models.js'
import { refusalFor, refuse, unknownModel, wrongEndpoint } from './request-refusals.js'

/** Options of {@link openrouterDouble}. */
export interface OpenRouterDoubleOptions {
  /** Requests without this key get 401. Default: every key is taken. */
  readonly apiKey?: string
}

/** OpenRouter, played by MSW handlers. */
export interface OpenRouterDouble {
  /** For `interceptHandlers` and `serveHandlers`; they match any host and any prefix. */
  readonly handlers: readonly RequestHandler[]
  /** Back to the beginning: answers by echo, no refusals, the usual models and key. */
  reset(): void
  /** The next chats are answered so, one answer each. */
  nextChats(...answers: readonly ChatAnswer[]): void
  /** Every chat is answered so; undefined: by echo again. */
  everyChat(answer: ChatAnswer | undefined): void
  /** Every request to a path gets this answer; undefined: no longer. */
  refuse(path: OpenRouterPath, refusal: OpenRouterRefusal | undefined): void
  /** No headers from this path, until clients leave. */
  silence(path: OpenRouterPath): void
  /** Embeddings leave out the last vector. */
  dropVector(): void
  /** Streams are cut into packets so; default: one packet an event. */
  cutPackets(packets: Packets | undefined): void
  /** What `GET /models` lists, and which models are known. */
  listModels(models: readonly ListedModel[]): void
  /** Members of the answer of `GET /key`, over those of a key of the free tier. */
  describeKey(members: Readonly<Record<string, unknown>>): void
}

/**
 * Makes a double: `/chat/completions`, `/embeddings`, `/models`, `/embeddings/models`, `/key`. Refuses what OpenRouter
 * refuses, with its words (OpenRouterTeam/docs openapi/openapi.yaml, verified; 401s captured in public issues);
 * answers by echo or as scripted. `openrouter/free` is served by another model. Nothing is
 * generated.
 */
export function openrouterDouble({ apiKey }: OpenRouterDoubleOptions = {}): OpenRouterDouble {
  let state = freshState()
  let answers = 0

  const chatAnswer = (body: Received, model: ListedModel, request: Request): Response | Promise<Response> => {
    const answer = state.next.shift() ?? state.every ?? usualAnswer(body)
    if (answer === 'silence') return silence()
    if ('source' in answer) return fixtureResponse(answer, request, state.packets)
    const frame = {
      id: `gen-1755000000-double${++answers}`,
      model: servedBy(model.id, state),
      stream: body['stream'] === true,
      promptTokens: promptTokens(body),
    }
    return chatResponse(answer, frame, state.packets)
  }

  const route =
    (path: OpenRouterPath, needsKey: boolean, work: (request: Request) => Response | Promise<Response>) =>
    async ({ request }: { request: Request }): Promise<Response> => {
      if (state.silent.has(path)) return silence()
      const refusal = state.refusals.get(path)
      if (refusal !== undefined) return refusedWith(refusal, request)
      const authorization = request.headers.get('authorization')
      if (needsKey && authorization === null) return refuse(401, 'Missing Authentication header')
      if (needsKey && apiKey !== undefined && authorization !== `Bearer ${apiKey}`)
        return refuse(401, 'User not found.')
      return work(request)
    }

  const chat = async (request: Request): Promise<Response> => {
    const body = objectOf(await request.json().catch(() => undefined))
    const model = state.models.find(({ id }) => id === body['model'])
    if (model !== undefined) return refusalFor(body, model) ?? chatAnswer(body, model, request)
    const embeds = state.embeddingModels.some(({ id }) => id === body['model'])
    return embeds ? wrongEndpoint('chat completions') : unknownModel(body['model'])
  }
  const embed = async (request: Request): Promise<Response> => {
    const body = objectOf(await request.json().catch(() => undefined))
    if (state.embeddingModels.some(({ id }) => id === body['model']))
      return embedAnswer(body, { dropsVector: state.dropsVector, reversed: false })
    const chats = state.models.some(({ id }) => id === body['model'])
    return chats ? wrongEndpoint('embeddings') : unknownModel(body['model'])
  }

  return {
    handlers: [
      http.post('*/chat/completions', route('/chat/completions', true, chat)),
      http.post('*/embeddings', route('/embeddings', true, embed)),
      http.get(
        '*/embeddings/models',
        route('/embeddings/models', false, () => HttpResponse.json({ data: state.embeddingModels })),
      ),
      http.get(
        '*/models',
        route('/models', false, () =>
          HttpResponse.json({ data: state.models, total_count: state.models.length }),
        ),
      ),
      http.get(
        '*/key',
        route('/key', true, () => HttpResponse.json({ data: state.key })),
      ),
    ],
    reset() {
      state = freshState()
    },
    nextChats(...scripted) {
      state.next.push(...scripted)
    },
    everyChat(answer) {
      state.every = answer
    },
    refuse(path, refusal) {
      if (refusal === undefined) state.refusals.delete(path)
      else state.refusals.set(path, refusal)
    },
    silence(path) {
      state.silent.add(path)
    },
    dropVector() {
      state.dropsVector = true
    },
    cutPackets(packets) {
      state.packets = packets
    },
    listModels(models) {
      state.models = models
    },
    describeKey(members) {
      state.key = { ...FREE_KEY, ...members }
    },
  }
}

/** Routers pass the request on. */
function servedBy(id: string, { models }: DoubleState): string {
  return id.startsWith('openrouter/') ? (models[0]?.id ?? id) : id
}

function refusedWith({ status, headers, body }: OpenRouterRefusal, request: Request): Response {
  const key = request.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
  const text = (typeof body === 'string' ? body : JSON.stringify(body)).replaceAll('{key}', key)
  return new HttpResponse(text, { status, headers: { 'content-type': 'application/json', ...headers } })
}
