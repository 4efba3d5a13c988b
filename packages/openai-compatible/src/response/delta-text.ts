import { type JsonObject, listOf, objectOf, textOf } from '@openmux/http'

/** The text and the thinking of a delta or message; empty where there is none. */
export interface DeltaText {
  readonly text: string
  readonly reasoning: string
  /** Whether the text is a refusal instead of an answer (OpenAI's `refusal`). */
  readonly refused: boolean
}

/**
 * Reads `content` (a text, `null`, or parts as Mistral sends them with `thinking` among them), `refusal`, and the
 * thinking: `reasoning_content` (DeepSeek, vLLM, llama.cpp), else `reasoning` (Ollama, Groq, OpenRouter), else
 * `reasoning_details` (OpenRouter). Only one of these: OpenRouter sends the same words in two.
 */
export function readDeltaText(delta: JsonObject): DeltaText {
  const told = delta['content']
  const parts = listOf(told)
  const content = typeof told === 'string' ? told : joined(parts, 'text')
  const refusal = textOf(delta['refusal'])
  return {
    text: content === '' ? (refusal ?? '') : content,
    reasoning: thinkingOf(delta) ?? joined(parts, 'thinking'),
    refused: refusal !== undefined,
  }
}

function thinkingOf(delta: JsonObject): string | undefined {
  const plain = textOf(delta['reasoning_content']) ?? textOf(delta['reasoning'])
  const details = delta['reasoning_details']
  if (plain !== undefined || details === undefined) return plain
  const texts = listOf(details).map((value) => {
    const detail = objectOf(value)
    return textOf(detail?.['text']) ?? textOf(detail?.['summary']) ?? ''
  })
  return textOf(texts.join(''))
}

/** The texts of the parts of one type, joined; a thinking part holds a list of text parts itself. */
function joined(parts: readonly unknown[], type: 'text' | 'thinking'): string {
  if (parts.length === 0) return ''
  return parts
    .map((value) => {
      const part = objectOf(value)
      if (part?.['type'] !== type) return ''
      const inner = part[type]
      return typeof inner === 'string' ? inner : joined(listOf(inner), 'text')
    })
    .join('')
}
