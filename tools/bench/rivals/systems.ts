import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { createOpenMux } from '@openmux/core'
import { openaiCompatible } from '@openmux/openai-compatible'
import { type LanguageModel, streamText } from 'ai'
import { createFallback } from 'ai-fallback'
import { createRetryableModel, error } from 'ai-retry/language-model'
import { experimental_retryableStreamText as retryableStreamText } from 'ai-retry/stream-text'
import { error as callError, timeout as callTimeout } from 'ai-retry/stream-text/conditions'
import type { Asked, System } from './outcome.ts'

/** The baseline of the public catalogue: two retries, 30 s of silence, one fallback, everything else the vendor's default. */
const BASELINE_MS = 30_000
/** What their users can set to do better: as our own defaults. */
const TUNED = { firstChunkMs: 10_000, chunkMs: 15_000 }
const PROMPT = 'Hi'

/** The systems of the table. */
export const SYSTEMS: readonly System[] = [
  {
    name: 'OpenMux',
    settings: 'defaults',
    open(baseURL, primary, fallback) {
      const openmux = createOpenMux({
        providers: [
          openaiCompatible({
            id: 'wall',
            baseURL,
            locality: 'remote',
            environment: {},
            models: [primary, fallback].map((id) => ({ id, tasks: ['chat'] as const, free: true })),
            supports: { prefill: true },
          }),
        ],
        prefer: [`wall/${primary}`, `wall/${fallback}`],
      })
      return {
        async ask(signal) {
          const stream = openmux.stream({ prompt: PROMPT, signal })
          let text = ''
          for await (const piece of stream.textStream()) text += piece
          const { model, usage } = await stream.result()
          return { text, failed: false, model, hasUsage: usage !== undefined && usage.estimated !== true }
        },
        close: () => openmux.close(),
      }
    },
  },
  {
    name: 'ai-retry',
    settings:
      '`createRetryableModel`: two retries of what the SDK calls retryable (1 s, doubling; `Retry-After` honoured), then the fallback with 30 s; `maxRetries: 0` as its manual says; 30 s for headers, first chunk and every further one',
    open(baseURL, primary, fallback) {
      const [first, second] = models(baseURL, primary, fallback, BASELINE_MS)
      const model = createRetryableModel({
        model: first,
        retries: [
          error.isRetryable(true).retry({ maxAttempts: 3, delay: 1_000, backoffFactor: 2 }),
          { model: second, timeout: BASELINE_MS },
        ],
      })
      return { ask: (signal) => read(model, signal, 0, { firstChunkMs: BASELINE_MS, chunkMs: BASELINE_MS }) }
    },
  },
  {
    name: 'ai-retry, tuned',
    settings:
      '`experimental_retryableStreamText`: the same retries; 10 s for headers and for the first chunk, 15 s for every further one, after which the fallback is asked',
    open(baseURL, primary, fallback) {
      const [first, second] = models(baseURL, primary, fallback, TUNED.firstChunkMs)
      return {
        async ask(signal) {
          const result = await retryableStreamText({
            model: first,
            prompt: PROMPT,
            abortSignal: signal,
            maxRetries: 0,
            timeout: TUNED,
            onError: () => undefined,
            retry: [
              callTimeout().switch({ model: second, timeout: TUNED }),
              callError.isRetryable(true).retry({ maxAttempts: 3, delay: 1_000, backoffFactor: 2 }),
              { model: second, timeout: TUNED },
            ],
          })
          return collect(result.fullStream)
        },
      }
    },
  },
  {
    name: 'ai-fallback',
    settings:
      '`createFallback`, defaults (back to the first model after 3 minutes); the SDK’s two retries; 30 s as above',
    open(baseURL, primary, fallback) {
      const model = createFallback({ models: [...models(baseURL, primary, fallback, BASELINE_MS)] })
      return { ask: (signal) => read(model, signal, 2, { firstChunkMs: BASELINE_MS, chunkMs: BASELINE_MS }) }
    },
  },
  {
    name: 'ai-fallback, tuned',
    settings:
      '`modelResetInterval` 10 s, `retryAfterOutput: false` (else a broken text is followed by a whole one); 10 s, 10 s and 15 s as above',
    open(baseURL, primary, fallback) {
      const model = createFallback({
        models: [...models(baseURL, primary, fallback, TUNED.firstChunkMs)],
        modelResetInterval: 10_000,
        retryAfterOutput: false,
      })
      return { ask: (signal) => read(model, signal, 2, TUNED) }
    },
  },
]

function models(baseURL: string, primary: string, fallback: string, headersMs: number) {
  const sdk = createOpenAICompatible({
    name: 'wall',
    baseURL,
    includeUsage: true,
    fetch: (input, init) => fetchWithin(headersMs, input, init),
  })
  return [sdk(primary), sdk(fallback)] as const
}

/**
 * The SDK's `firstChunkMs` begins with the answer (ai 7.0.173, `startFirstChunkTimeout`): nothing ends the wait for
 * headers. So its models get a limit for that, which lets the libraries above them do their part.
 */
async function fetchWithin(
  ms: number,
  input: Parameters<typeof fetch>[0],
  init: RequestInit | undefined,
): Promise<Response> {
  const controller = new AbortController()
  const late = new DOMException(`timeout: no headers for ${ms} ms`, 'TimeoutError')
  const timer = setTimeout(() => controller.abort(late), ms)
  const signal = init?.signal ? AbortSignal.any([init.signal, controller.signal]) : controller.signal
  try {
    return await fetch(input, { ...init, signal })
  } finally {
    clearTimeout(timer)
  }
}

async function read(
  model: LanguageModel,
  abortSignal: AbortSignal,
  maxRetries: number,
  timeout: { readonly firstChunkMs: number; readonly chunkMs: number },
): Promise<Asked> {
  const result = streamText({
    model,
    prompt: PROMPT,
    abortSignal,
    maxRetries,
    timeout,
    onError: () => undefined,
  })
  return collect(result.fullStream)
}

/** What a careful caller sees: the text, and any error or abort among the parts. */
async function collect(
  parts: AsyncIterable<{
    readonly type: string
    readonly text?: unknown
    readonly response?: { readonly modelId?: string }
    readonly usage?: { readonly outputTokens?: number | undefined }
  }>,
): Promise<Asked> {
  let text = ''
  let failed = false
  let model: string | undefined
  let hasUsage = false
  for await (const part of parts) {
    if (part.type === 'text-delta' && typeof part.text === 'string') text += part.text
    if (part.type === 'error' || part.type === 'abort') failed = true
    if (part.type === 'finish-step') {
      model = part.response?.modelId
      hasUsage = part.usage?.outputTokens !== undefined
    }
  }
  return { text, failed, hasUsage, ...(model !== undefined && { model }) }
}
