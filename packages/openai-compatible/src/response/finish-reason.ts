import type { FinishEvent, FinishReason } from '@openmux/core'
import type { WireFinishReason } from '../wire/chat-answer.js'

/**
 * What the words of servers mean. Beside OpenAI's own: Together `eos`, Mistral `model_length`, Anthropic's behind
 * proxies (`end_turn`, `max_tokens`, `tool_use`), the older `function_call`.
 */
const MEANING: Readonly<Record<string, FinishReason>> = {
  stop: 'stop',
  eos: 'stop',
  end_turn: 'stop',
  stop_sequence: 'stop',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  tool_calls: 'tool-calls',
  function_call: 'tool-calls',
  tool_use: 'tool-calls',
  content_filter: 'content-filter',
}

/** Words that end an answer without its being whole: an upstream failed (OpenRouter, DeepSeek), or gave up (vLLM, SGLang). */
const BROKEN: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource', 'abort', 'cancelled'])

/** Whether a finish reason says that the answer broke. */
export function isBrokenEnd(word: string): boolean {
  return BROKEN.has(word)
}

/** The reason in our vocabulary. `calls`: how many tool calls the answer holds; servers say `stop` after calls, and the reverse. */
export function readFinishReason(word: string, calls: number): FinishReason {
  const reason = Object.hasOwn(MEANING, word) ? (MEANING[word] ?? 'other') : 'other'
  if (calls > 0) return reason === 'stop' || reason === 'other' ? 'tool-calls' : reason
  return reason === 'tool-calls' ? 'other' : reason
}

/** The reason in OpenAI's vocabulary, which has no "other". */
export function writeFinishReason({ reason }: Pick<FinishEvent, 'reason'>): WireFinishReason {
  switch (reason) {
    case 'length':
      return 'length'
    case 'tool-calls':
      return 'tool_calls'
    case 'content-filter':
      return 'content_filter'
    case 'stop':
    case 'other':
      return 'stop'
  }
}
