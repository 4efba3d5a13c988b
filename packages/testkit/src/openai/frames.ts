/** One `data:` event with JSON. */
export function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`
}

/** The end mark. */
export const DONE = 'data: [DONE]\n\n'

/** The frame of a chunk (openai-openapi 2.3.0, CreateChatCompletionStreamResponse). */
export const FRAME = {
  id: 'chatcmpl-fixture',
  object: 'chat.completion.chunk',
  created: 1_755_000_000,
  model: 'fixture-model',
} as const

/** A chunk with one choice. */
export function chunk(delta: unknown, finish: string | null = null, more: object = {}): string {
  return data({ ...FRAME, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...more })
}

/** A chunk without choices, as the one that carries the usage. */
export function usageChunk(prompt: number, completion: number): string {
  return data({ ...FRAME, choices: [], usage: usage(prompt, completion) })
}

/** Counted tokens. */
export function usage(prompt: number, completion: number): object {
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** A whole answer (openai-openapi 2.3.0, CreateChatCompletionResponse). */
export function answer(message: object, finish: string | null, more: object = {}): object {
  return {
    id: 'chatcmpl-fixture',
    object: 'chat.completion',
    created: 1_755_000_000,
    model: 'fixture-model',
    choices: [
      {
        index: 0,
        message: { role: 'assistant', refusal: null, ...message },
        logprobs: null,
        finish_reason: finish,
      },
    ],
    usage: usage(9, 3),
    system_fingerprint: null,
    ...more,
  }
}
