import type { ChatRequest, Message } from '@openmux/core'
import { textSize } from './text-size.js'

/** How many tokens a prompt takes: no count is possible without the model's own tokenizer. */
export interface PromptSize {
  /** The guess to plan with, rather high. */
  readonly likely: number
  /** No tokenizer in use makes fewer, but for single digits of percent. */
  readonly atLeast: number
  /** No tokenizer makes more. */
  readonly atMost: number
}

/** The markers of one message in a chat template. */
const MESSAGE: PromptSize = { likely: 8, atLeast: 0, atMost: 48 }
/** 768 tokens in Ollama's own estimate (server/prompt.go); tiled models take several times that. */
const IMAGE: PromptSize = { likely: 1_024, atLeast: 0, atMost: 16_384 }
/** What a template writes before the first message and around tools. */
const TEMPLATE: PromptSize = { likely: 16, atLeast: 0, atMost: 256 }

/**
 * The size of a chat request's prompt. `modelSystem` is the system prompt of the Modelfile, which
 * the server puts in front when the request has none.
 */
export function promptSize(request: ChatRequest, modelSystem = ''): PromptSize {
  const parts: PromptSize[] = [TEMPLATE]
  for (const message of request.messages) parts.push(MESSAGE, ...messageParts(message))
  if (request.messages[0]?.role !== 'system') parts.push(guessed(modelSystem))
  if (request.toolChoice !== 'none' && request.tools !== undefined && request.tools.length > 0) {
    parts.push(guessed(JSON.stringify(request.tools)))
  }
  return sum(parts)
}

/** The size of a text that is sent as it is. */
export function inputSize(text: string): PromptSize {
  return sum([textSize(text), { likely: 2, atLeast: 0, atMost: 4 }])
}

function messageParts(message: Message): PromptSize[] {
  switch (message.role) {
    case 'user':
      if (typeof message.content === 'string') return [textSize(message.content)]
      return message.content.map((part) => (part.type === 'text' ? textSize(part.text) : IMAGE))
    case 'assistant': {
      const calls = (message.toolCalls ?? []).map((call) => call.name + call.arguments)
      // Templates drop earlier thinking, and write calls in their own form.
      return [textSize(message.content), ...[message.reasoning ?? '', ...calls].map(guessed)]
    }
    default:
      return [textSize(message.content)]
  }
}

/** Text that a template may write differently or leave out: nothing of it is certain. */
function guessed(text: string): PromptSize {
  const size = textSize(text)
  return { likely: size.likely, atLeast: 0, atMost: size.atMost * 2 }
}

function sum(parts: readonly PromptSize[]): PromptSize {
  const total = (key: keyof PromptSize): number => parts.reduce((all, part) => all + part[key], 0)
  return {
    likely: Math.ceil(total('likely')),
    atLeast: Math.floor(total('atLeast')),
    atMost: Math.ceil(total('atMost')),
  }
}
