import type { ChatRequest } from '../contract/chat-request.js'
import type { Usage } from '../contract/usage.js'

/** Characters a token stands for, roughly, in scripts with and without letters. */
const LATIN_CHARACTERS_PER_TOKEN = 4
const MESSAGE_OVERHEAD = 4

/** Tokens of a text, roughly: four characters each, one each for scripts written without spaces. */
export function estimateTokens(text: string): number {
  const dense = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0
  return Math.ceil(dense + (text.length - dense) / LATIN_CHARACTERS_PER_TOKEN)
}

/** Usage for a back end that told none, marked as estimated. */
export function estimateUsage(request: ChatRequest, answered: string): Usage {
  let inputTokens = 0
  for (const message of request.messages) {
    const { content } = message
    const text =
      typeof content === 'string'
        ? content
        : content.map((part) => (part.type === 'text' ? part.text : '')).join('')
    inputTokens += estimateTokens(text) + MESSAGE_OVERHEAD
  }
  return { inputTokens, outputTokens: estimateTokens(answered), estimated: true }
}
