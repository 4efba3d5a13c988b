import type { CallContext, ChatEvent, ChatRequest } from '@openmux/core'
import { failure, throwIfAborted } from './failures.js'
import { planOrder } from './generate-order.js'
import type { ModelStore } from './models/model-store.js'
import type { Settings } from './settings.js'

/** Window of a model that does not say its own, tokens. */
const UNKNOWN_WINDOW = 2_048

/** Answers a conversation that was checked. Throws the errors of `Provider.chat`. */
export async function* answerChat(
  request: ChatRequest,
  context: CallContext,
  store: ModelStore,
  settings: Settings,
): AsyncGenerator<ChatEvent> {
  throwIfAborted(context.signal, request.model)
  const { target, prepared, host, wishes } = await store.open(request.model, context)
  if (prepared.found.task !== 'chat') {
    throw failure('unsupported', `${target.id} is an embedding model and cannot chat.`, {
      model: target.id,
      field: 'model',
    })
  }
  const contextTokens = wishes?.contextTokens ?? prepared.found.contextTokens ?? UNKNOWN_WINDOW
  const { order, warnings } = planOrder(request, { maxTokens: settings.maxTokens, contextTokens })
  let inputTokens = 0
  for await (const event of host.generate(prepared, order, context)) {
    if (event.type === 'started') {
      inputTokens = event.inputTokens
      yield { type: 'start', model: target.id, warnings: [...warnings, ...event.warnings] }
    } else if (event.type === 'text') yield { type: 'text', text: event.text }
    else {
      const { reason, rawReason, outputTokens } = event
      yield { type: 'finish', reason, rawReason, usage: { inputTokens, outputTokens } }
    }
  }
}
