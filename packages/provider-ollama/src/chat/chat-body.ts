import type { ChatRequest, Warning } from '@openmux/core'
import { defined, type JsonObject } from '@openmux/http'
import type { KeepAlive } from '../config/options.js'
import { type WireMessage, wireMessages } from './messages.js'

/** The body of `POST /api/chat`. */
export interface ChatBody {
  readonly model: string
  readonly messages: readonly WireMessage[]
  readonly stream: true
  readonly options: JsonObject
  readonly truncate: false
  readonly shift: false
  readonly tools?: readonly JsonObject[]
  readonly format?: 'json' | JsonObject
  readonly think?: boolean | string
  readonly keep_alive?: KeepAlive
}

/** What was decided about a request beside its own words. */
export interface ChatDecisions {
  readonly model: string
  /** Absent for models that are not loaded by this server. */
  readonly contextTokens?: number
  readonly think?: boolean | string
  readonly keepAlive?: KeepAlive
  /** `options` handed on as they are. */
  readonly options?: JsonObject
}

/**
 * A request in the server's words.
 *
 * `truncate: false` makes the server refuse a prompt that is too long, where it would drop the
 * oldest messages and say nothing (server/routes.go, since 0.12.5; older servers pass over it, see
 * `wasShortened`). `shift: false` makes it end an answer that reaches the end of the window with
 * `length`, where it would forget the beginning of the prompt and go on.
 */
export function chatBody(request: ChatRequest, decided: ChatDecisions): ChatBody {
  const { responseFormat, tools, toolChoice } = request
  const sendsTools = tools !== undefined && tools.length > 0 && toolChoice !== 'none'
  return {
    model: decided.model,
    messages: wireMessages(request),
    stream: true,
    truncate: false,
    shift: false,
    options: { ...decided.options, ...generationOptions(request, decided.contextTokens) },
    ...defined({
      tools: sendsTools ? tools.map(wireTool) : undefined,
      format:
        responseFormat?.type === 'json'
          ? ('json' as const)
          : responseFormat?.type === 'json-schema'
            ? responseFormat.schema
            : undefined,
      think: decided.think,
      keep_alive: decided.keepAlive,
    }),
  }
}

/** What the server has no word for. */
export function choiceWarnings({ tools, toolChoice }: ChatRequest): readonly Warning[] {
  const forced = toolChoice === 'required' || typeof toolChoice === 'object'
  if (!forced || tools === undefined || tools.length === 0) return []
  return [
    {
      kind: 'ignored-option',
      option: 'toolChoice',
      message: 'Ollama cannot force a tool call: the model decides.',
    },
  ]
}

function generationOptions(request: ChatRequest, contextTokens: number | undefined): JsonObject {
  return defined({
    num_ctx: contextTokens,
    num_predict: request.maxTokens,
    temperature: request.temperature,
    top_p: request.topP,
    seed: request.seed,
    stop: request.stop === undefined || request.stop.length === 0 ? undefined : request.stop,
  })
}

function wireTool({ name, description, parameters }: NonNullable<ChatRequest['tools']>[number]): JsonObject {
  return { type: 'function', function: { name, ...defined({ description }), parameters } }
}
