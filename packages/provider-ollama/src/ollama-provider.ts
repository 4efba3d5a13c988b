import type {
  CallContext,
  ChatEvent,
  ChatRequest,
  EmbedRequest,
  EmbedResponse,
  ModelChoice,
  ModelNeed,
  Provider,
} from '@openmux/core'
import type { PullProgress } from './manage/pull-progress.js'
import type { OllamaRunningModel } from './wire/running.js'
import type { OllamaModelInfo } from './wire/show.js'
import type { OllamaModel } from './wire/tags.js'

/** What the further methods take beside their subject. */
export interface OllamaCallOptions {
  /** Ends the call with `aborted`. */
  readonly signal?: AbortSignal
}

/** {@link OllamaCallOptions} for downloads. */
export interface OllamaPullOptions extends OllamaCallOptions {
  readonly onProgress?: (progress: PullProgress) => void
}

/**
 * Ollama as a provider, with what Ollama can do beyond the contract. Every method fails with an
 * `OpenMuxError`: `network` when no server answers, `bad-response` when something else does,
 * `model-not-found` for a model that is not there, `aborted`.
 */
export interface OllamaProvider extends Provider {
  recommend(need: ModelNeed, context: CallContext): Promise<readonly ModelChoice[]>
  chat(request: ChatRequest, context: CallContext): AsyncIterable<ChatEvent>
  embed(request: EmbedRequest, context: CallContext): Promise<EmbedResponse>
  /** The server's version: `0.24.0`. */
  version(options?: OllamaCallOptions): Promise<string>
  /** The models it has. */
  tags(options?: OllamaCallOptions): Promise<readonly OllamaModel[]>
  /** What it knows of one model. */
  show(model: string, options?: OllamaCallOptions): Promise<OllamaModelInfo>
  /** The models in memory, also those being loaded. Empty on servers before 0.1.33, which cannot tell. */
  running(options?: OllamaCallOptions): Promise<readonly OllamaRunningModel[]>
  /** Fetches a model from the library. `network` (scope `machine`) when the server cannot reach it, `needs-setup` for a full disk. */
  pull(model: string, options?: OllamaPullOptions): Promise<void>
  /** Deletes a model from the server's disk. */
  delete(model: string, options?: OllamaCallOptions): Promise<void>
  /** Takes a model out of memory once its answers under way are done. */
  unload(model: string, options?: OllamaCallOptions): Promise<void>
}
