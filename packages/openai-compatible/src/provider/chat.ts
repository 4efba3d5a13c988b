import type { CallContext, ChatEvent, ChatRequest } from '@openmux/core'
import {
  type Arriving,
  arriving,
  type CallScope,
  type ResponseHeaders,
  type StreamAnswer,
} from '@openmux/http'
import type { ChatAnswerSource } from '../response/read-chat-answer.js'
import { readChatAnswer } from '../response/read-chat-answer.js'
import { readChatBatches } from '../response/read-chat-stream.js'
import { collectJson } from './collect-json.js'
import { demandKey, type Engine, named } from './engine.js'
import { type ChatPlan, planChat } from './plan-chat.js'
import { newToolCallId } from './tool-call-id.js'

/** The caller's limits apply: a model may think for as long as they allow. */
const NO_LIMITS = { headersMs: 0, idleMs: 0 } as const

/** One answer of `POST {chatPath}`. */
export function chat(engine: Engine, request: ChatRequest, caller: CallContext): Arriving<ChatEvent> {
  const call: { scope?: CallScope } = {}
  // Much may lie in buffers already: nothing of it goes out after the caller has left.
  return arriving(chatBatches(engine, request, caller, call), () => call.scope?.check())
}

async function* chatBatches(
  engine: Engine,
  request: ChatRequest,
  caller: CallContext,
  call: { scope?: CallScope },
): AsyncGenerator<readonly ChatEvent[], void, undefined> {
  const { client, settings } = engine
  const scope = (call.scope = engine.scopes.begin(caller, request.model))
  let answer: StreamAnswer | undefined
  try {
    scope.check()
    demandKey(engine, request.model)
    const plan = named(engine, request.model, () => planChat(request, settings))
    const { path, body: json, headers } = plan
    const { context } = scope
    answer = await client.stream({ path, json, headers, model: request.model, context, timeouts: NO_LIMITS })
    const source = sourceOf(engine, request, plan, answer, context)
    const wait = settings.quirks.streamUsage === 'never' ? 0 : settings.usageWaitMs
    if (isWhole(answer.headers)) {
      const whole = await collectJson(answer, { provider: settings.id, model: request.model })
      for (const event of readChatAnswer(whole, source)) yield [event]
    } else
      yield* readChatBatches({ ...source, events: answer.sse(), clock: context.clock, usageWaitMs: wait })
  } finally {
    await answer?.cancel()
    scope.end()
  }
}

function sourceOf(
  { client, settings }: Engine,
  { model }: ChatRequest,
  { path, warnings }: ChatPlan,
  { status, headers }: StreamAnswer,
  context: CallContext,
): ChatAnswerSource {
  const { readMetadata } = settings.hooks
  return {
    origin: { provider: settings.id, model },
    warnings,
    newId: newToolCallId,
    reasoning: settings.supports.reasoning,
    uniqueIds: settings.quirks.uniqueResponseIds,
    failure: (body) => client.failure({ status, headers, body, model, path }, context),
    ...(readMetadata === undefined ? {} : { metadata: (chunk) => readMetadata(chunk, headers) }),
  }
}

/** Whether the answer came whole: asked for so, or by a server that cannot stream, or with an error in place of a stream. */
function isWhole(headers: ResponseHeaders): boolean {
  return headers['content-type']?.toLowerCase().includes('application/json') === true
}
