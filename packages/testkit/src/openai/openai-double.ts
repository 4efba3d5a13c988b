import { http, HttpResponse, type RequestHandler } from 'msw'
import type { ChatAnswer } from './chat-script.js'
import { embedAnswer } from './embed-answer.js'
import type { OpenAIFixture } from './fixture.js'
import { fixtureResponse, type Packets } from './fixture-response.js'
import { continuation, type LastAssistant, refusalOfPrefill } from './last-assistant.js'
import { promptTokens } from './received-body.js'
import { objectOf, type Received } from '../server/received-json.js'
import { refusalOfChat, refuse } from './request-refusals.js'
import { scriptedResponse } from './scripted-response.js'
import { silence } from '../server/silence.js'
import { usualAnswer } from './usual-answer.js'

/** A model of the double. */
export interface OpenAIDoubleModel {
  readonly id: string
  readonly kind: 'chat' | 'embeddings'
}

/** Options of {@link openaiDouble}. */
export interface OpenAIDoubleOptions {
  /** Default: {@link OPENAI_DOUBLE_MODELS}. */
  readonly models?: readonly OpenAIDoubleModel[]
  /** Requests without this key get 401. Default: every key is taken. */
  readonly apiKey?: string
  /** Whether there is a list of models. Default `true`. */
  readonly listsModels?: boolean
  /** What becomes of an assistant message at the end of a conversation. Default: `answered`, as OpenAI does. */
  readonly lastAssistant?: LastAssistant
}

/** The routes of the double, without what stands before them. */
export type OpenAIPath = '/chat/completions' | '/embeddings' | '/models'

/** A server of the OpenAI chat and embeddings format, played by MSW handlers. */
export interface OpenAIDouble {
  /** For `interceptHandlers` and `serveHandlers`; they match any host and any prefix. */
  readonly handlers: readonly RequestHandler[]
  /** Back to the beginning: answers by echo, no refusals. */
  reset(): void
  /** The next chats are answered so, one answer each. */
  nextChats(...answers: readonly ChatAnswer[]): void
  /** Every chat is answered so; undefined: by echo again. */
  everyChat(answer: ChatAnswer | undefined): void
  /**
   * The answer to anything is this text; where the conversation ends with an assistant message that is continued,
   * what follows it there.
   */
  knowAnswer(whole: string): void
  /** Conversations that end with an assistant message are refused, in the words of llama.cpp for a thinking model. */
  refusePrefill(): void
  /** Every request to a path gets this answer; undefined: no longer. */
  refuse(path: OpenAIPath, fixture: OpenAIFixture | undefined): void
  /** No headers from this path, until clients leave. */
  silence(path: OpenAIPath): void
  /** Embeddings leave out the last vector. */
  dropVector(): void
  /** Embeddings come in reverse order, with their indexes. */
  reverseVectors(): void
  /** Streams are cut into packets so; default: one packet an event. */
  cutPackets(packets: Packets | undefined): void
}

/** The models there are by default. */
export const OPENAI_DOUBLE_MODELS: readonly OpenAIDoubleModel[] = [
  { id: 'double-chat', kind: 'chat' },
  { id: 'double-coder', kind: 'chat' },
  { id: 'double-embed', kind: 'embeddings' },
]

interface State {
  next: ChatAnswer[]
  every: ChatAnswer | undefined
  known: string | undefined
  refusesPrefill: boolean
  refusals: Map<OpenAIPath, OpenAIFixture>
  silent: Set<OpenAIPath>
  packets: Packets | undefined
  dropsVector: boolean
  reversed: boolean
}

function freshState(): State {
  return {
    next: [],
    every: undefined,
    known: undefined,
    refusesPrefill: false,
    refusals: new Map(),
    silent: new Set(),
    packets: undefined,
    dropsVector: false,
    reversed: false,
  }
}

/**
 * Makes a double: `GET /models`, `POST /chat/completions`, `POST /embeddings`. Refuses what OpenAI refuses, with its
 * words (openai/openai-openapi 2.3.0, verified); answers by echo, with the usage when asked for, or as scripted. Nothing is generated.
 */
export function openaiDouble({
  models = OPENAI_DOUBLE_MODELS,
  apiKey,
  listsModels = true,
  lastAssistant = 'answered',
}: OpenAIDoubleOptions = {}): OpenAIDouble {
  let state = freshState()
  let answers = 0

  const chatAnswer = (body: Received, request: Request): Response | Promise<Response> => {
    const answer =
      state.next.shift() ?? state.every ?? usualAnswer(body, continuation(body, lastAssistant), state.known)
    if (answer === 'silence') return silence()
    if ('source' in answer) return fixtureResponse(answer, request, state.packets)
    const frame = {
      id: `chatcmpl-double-${++answers}`,
      model: String(body['model']),
      stream: body['stream'] === true,
      includeUsage: objectOf(body['stream_options'])['include_usage'] === true,
      promptTokens: promptTokens(body),
    }
    return scriptedResponse(answer, frame, state.packets)
  }

  const route =
    (path: OpenAIPath, work: (request: Request) => Response | Promise<Response>) =>
    async ({ request }: { request: Request }): Promise<Response> => {
      if (state.silent.has(path)) return silence()
      const refusal = state.refusals.get(path)
      if (refusal !== undefined) return fixtureResponse(refusal, request)
      if (apiKey !== undefined && request.headers.get('authorization') !== `Bearer ${apiKey}`) {
        return refuse(401, 'Incorrect API key provided.', 'invalid_api_key')
      }
      return work(request)
    }

  const posted =
    (
      kind: OpenAIDoubleModel['kind'],
      work: (body: Received, request: Request) => Response | Promise<Response>,
    ) =>
    async (request: Request): Promise<Response> => {
      const body = objectOf(await request.json().catch(() => undefined))
      const model = models.find(({ id }) => id === body['model'])
      if (model === undefined)
        return refuse(
          404,
          `The model \`${String(body['model'])}\` does not exist or you do not have access to it.`,
          'model_not_found',
        )
      if (model.kind !== kind)
        return refuse(
          400,
          `The model does not support ${kind === 'chat' ? 'Chat Completions' : 'Embeddings'} API`,
        )
      return work(body, request)
    }

  const chat = posted(
    'chat',
    (body, request) =>
      refusalOfChat(body) ??
      refusalOfPrefill(body, lastAssistant, state.refusesPrefill) ??
      chatAnswer(body, request),
  )
  const embed = posted('embeddings', (body) => embedAnswer(body, state))
  const list = (): Response =>
    listsModels
      ? HttpResponse.json({
          object: 'list',
          data: models.map(({ id }) => ({ id, object: 'model', created: 1_755_000_000, owned_by: 'double' })),
        })
      : HttpResponse.json({ detail: 'Not Found' }, { status: 404 })

  return {
    handlers: [
      http.post('*/chat/completions', route('/chat/completions', chat)),
      http.post('*/embeddings', route('/embeddings', embed)),
      http.get('*/models', route('/models', list)),
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
    knowAnswer(whole) {
      state.known = whole
    },
    refusePrefill() {
      state.refusesPrefill = true
    },
    refuse(path, fixture) {
      if (fixture === undefined) state.refusals.delete(path)
      else state.refusals.set(path, fixture)
    },
    silence(path) {
      state.silent.add(path)
    },
    dropVector() {
      state.dropsVector = true
    },
    reverseVectors() {
      state.reversed = true
    },
    cutPackets(packets) {
      state.packets = packets
    },
  }
}
