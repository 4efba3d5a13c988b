import type { Clock } from '../contract/clock.js'
import type { DecisionRecord } from '../contract/decision.js'
import type { Progress } from '../contract/progress.js'
import type { Provider } from '../contract/provider.js'
import type { Timeouts } from '../contract/timeouts.js'
import type { ChatInput } from './chat-input.js'
import type { EmbedInput } from './embed-input.js'
import type { ChatResult, ChatStream, EmbedResult, ModelListing, ProviderReport } from './results.js'

/** How an orchestrator is set up. Only `providers` is needed. */
export interface OpenMuxOptions {
  /** The back ends, in the order they are tried when a request says nothing. */
  readonly providers: readonly Provider[]
  /** Providers or models to try first, for requests that bring no `prefer` of their own. */
  readonly prefer?: readonly string[]
  /** Ids of providers to use although their package says `disabled`. */
  readonly forceEnabled?: readonly string[]
  /** Default 4. */
  readonly maxAttempts?: number
  readonly timeouts?: Partial<Timeouts>
  /** Told about downloads, loads and queues of requests that bring no listener of their own. */
  readonly onProgress?: (progress: Progress) => void
  /** Default: the real clock. */
  readonly clock?: Clock
  /** Numbers from 0 up to 1, for jitter. Default: `Math.random`. */
  readonly random?: () => number
}

/**
 * One request to whichever provider can answer it. Every method throws only `OpenMuxError`s.
 * Free it with `close()` or `await using`.
 */
export interface OpenMux {
  /**
   * A whole answer. Errors: `bad-request` (the input), `no-candidate` (nothing could be tried),
   * `all-failed` (several were), `aborted`, `timeout`, or the error of the only candidate.
   */
  chat(input: string | ChatInput): Promise<ChatResult>
  /**
   * An answer while it comes. Failover is invisible until the first piece; a failure after it is
   * thrown with the partial text on the error. Nothing is sent before it is iterated.
   */
  stream(input: string | ChatInput): ChatStream
  /** Vectors for texts. Once a candidate was tried, failover stays inside its embedding space. */
  embed(input: string | readonly string[] | EmbedInput): Promise<EmbedResult>
  /** Every model of every provider. */
  models(options?: { readonly signal?: AbortSignal }): Promise<ModelListing>
  /** Every provider: ready or not, why, what to do. */
  providers(options?: { readonly signal?: AbortSignal }): Promise<readonly ProviderReport[]>
  /** The plan for a request, without running it. */
  explain(input: string | ChatInput | EmbedInput): Promise<DecisionRecord>
  /** Ends everything under way with `aborted` and closes the providers. Safe to call twice. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
