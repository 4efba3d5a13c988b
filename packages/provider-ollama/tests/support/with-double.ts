import {
  type CallContext,
  type ChatRequest,
  type OpenMuxError,
  type Progress,
  systemClock,
} from '@openmux/core'
import { type Answer, collect, type HandlerServer, serveHandlers } from '@openmux/testkit'
import { type OllamaDouble, ollamaDouble, type OllamaDoubleOptions } from '@openmux/testkit/ollama'
import { afterAll, afterEach, beforeEach } from 'vitest'
import { ollama, type OllamaOptions, type OllamaProvider } from '../../src/index.js'

/** A double behind real HTTP, and fresh providers for it. */
export interface Bench {
  readonly double: OllamaDouble
  readonly server: HandlerServer
  /** Closed after the test. */
  provider(options?: OllamaOptions): OllamaProvider
  /** JSON bodies of the requests to a path so far. */
  sent(path: string): readonly Record<string, unknown>[]
}

/** Serves a double for the tests of one file. */
export async function withDouble(options?: OllamaDoubleOptions): Promise<Bench> {
  const double = ollamaDouble(options)
  const server = await serveHandlers(double.handlers)
  const open: OllamaProvider[] = []
  beforeEach(() => {
    double.reset()
    server.reset()
  })
  afterEach(async () => {
    await Promise.all(open.splice(0).map((provider) => provider.close()))
  })
  afterAll(() => server.close())
  return {
    double,
    server,
    provider(changes = {}) {
      const provider = ollama({ baseURL: server.url, environment: {}, memoryBytes: 16e9, ...changes })
      open.push(provider)
      return provider
    },
    sent: (path) =>
      server
        .requests()
        .filter((seen) => seen.path === path)
        .map((seen) => JSON.parse(seen.body) as Record<string, unknown>),
  }
}

/** A context of its own, with what was reported. */
export function context(
  changes: Partial<CallContext> = {},
): CallContext & { readonly news: Progress[]; abort(): void } {
  const controller = new AbortController()
  const news: Progress[] = []
  return {
    signal: controller.signal,
    clock: systemClock,
    onProgress: (progress) => void news.push(progress),
    ...changes,
    news,
    abort: () => controller.abort(),
  }
}

/** A request with one question. */
export function question(content = 'Hello', changes: Partial<ChatRequest> = {}): ChatRequest {
  return { model: 'llama3.2:1b', messages: [{ role: 'user', content }], ...changes }
}

/** A whole answer. */
export function ask(
  provider: OllamaProvider,
  request: ChatRequest = question(),
  within: CallContext = context(),
): Promise<Answer> {
  return collect(provider.chat(request, within))
}

/** The error something fails with. */
export async function failure(work: Promise<unknown>): Promise<OpenMuxError> {
  const outcome = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('error' in outcome) return outcome.error as OpenMuxError
  throw new Error(`it succeeded with ${JSON.stringify(outcome.value)}`)
}
