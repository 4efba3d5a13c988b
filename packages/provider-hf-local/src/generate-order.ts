import type { ChatRequest, Message, Warning } from '@openmux/core'
import { failure, PROVIDER_ID } from './failures.js'
import { isRecord } from './json.js'
import type { GenerateOrder, TemplateMessage } from './worker/protocol.js'

/** Wishes only this provider understands: `providerOptions: { 'hf-local': { … } }`. */
export interface HfLocalChatOptions {
  /** Only this many of the likeliest tokens are drawn from. */
  readonly topK?: number
  /** Extra variables of the model's chat template, e.g. `{ enable_thinking: false }`. */
  readonly templateOptions?: Readonly<Record<string, unknown>>
}

/** An order and what the caller should know of it. */
export interface PlannedOrder {
  readonly order: GenerateOrder
  readonly warnings: readonly Warning[]
}

/** The worker's order for a checked request. Throws `bad-request` for wrong provider options. */
export function planOrder(
  request: ChatRequest,
  limits: { readonly maxTokens: number; readonly contextTokens: number },
): PlannedOrder {
  const warnings: Warning[] = []
  const own = request.providerOptions?.[PROVIDER_ID] ?? {}
  for (const option of Object.keys(own)) {
    if (option === 'topK' || option === 'templateOptions') continue
    warnings.push({
      kind: 'ignored-option',
      option: `providerOptions.${PROVIDER_ID}.${option}`,
      message: 'This provider knows no such option.',
    })
  }
  const topK = own['topK']
  if (topK !== undefined && !(typeof topK === 'number' && Number.isSafeInteger(topK) && topK >= 1)) {
    throw wrong('topK', 'a whole number from 1', request.model)
  }
  const templateOptions = own['templateOptions'] ?? {}
  if (!isRecord(templateOptions)) throw wrong('templateOptions', 'an object', request.model)
  if (request.reasoning !== undefined && request.reasoning !== 'off') {
    warnings.push({
      kind: 'ignored-option',
      option: 'reasoning',
      message: 'How much a model thinks cannot be set here.',
    })
  }
  const order: GenerateOrder = {
    messages: request.messages.map(templateMessage),
    // Templates that know no such variable pay no attention to it.
    templateOptions: {
      ...(request.reasoning === 'off' ? { enable_thinking: false } : {}),
      ...templateOptions,
    },
    sampling: {
      ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
      ...(request.topP === undefined ? {} : { topP: request.topP }),
      ...(topK === undefined ? {} : { topK }),
    },
    stop: request.stop ?? [],
    maxTokens: request.maxTokens ?? limits.maxTokens,
    contextTokens: limits.contextTokens,
    ...(request.seed === undefined ? {} : { seed: request.seed }),
  }
  return { order, warnings }
}

function templateMessage(message: Message): TemplateMessage {
  if (message.role === 'tool') return { role: 'user', content: message.content }
  if (message.role !== 'user') return { role: message.role, content: message.content }
  const { content } = message
  if (typeof content === 'string') return { role: 'user', content }
  return { role: 'user', content: content.map((part) => (part.type === 'text' ? part.text : '')).join('') }
}

function wrong(option: string, shape: string, model: string): Error {
  const field = `providerOptions.${PROVIDER_ID}.${option}`
  return failure('bad-request', `${field} must be ${shape}.`, { field, model })
}
