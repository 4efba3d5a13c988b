import type { FetchLike } from '@openmux/http'
import type { OpenRouterRouting } from '../request/routing.js'

/** What `openrouter()` takes. Everything has a default. */
export interface OpenRouterOptions {
  /** Default: `OPENROUTER_API_KEY`, which is only used for openrouter.ai. A blank one is the same as none. */
  readonly apiKey?: string
  /** Default `https://openrouter.ai/api/v1`. Keys go only to its host. */
  readonly baseURL?: string
  /** Allows a key over plain `http:` to another machine. Default `false`. */
  readonly allowInsecureKey?: boolean
  /** Your application, for OpenRouter's public ranking of apps. Default: nothing is told. */
  readonly app?: { readonly url?: string; readonly title?: string }
  /** Which upstream providers may serve; `providerOptions.openrouter.provider` of a request goes over it. */
  readonly routing?: OpenRouterRouting
  /**
   * Whether paid models may be chosen when the caller names none; free ones still go first. A model the caller names
   * is used whatever it costs. Default `false`.
   */
  readonly allowPaid?: boolean
  /**
   * Tokens an answer may have when the request sets no limit; less where the model is known to allow less. There is
   * always a limit, because OpenRouter holds back the price of the longest possible answer. Default 8,192.
   */
  readonly maxTokens?: number
  /** How long the list of models is believed, ms. Default 600,000 (ten minutes). */
  readonly modelsForMs?: number
  /** Texts embedded in one request. Default 64. */
  readonly embedBatch?: number
  /** Used instead of undici, for instance in browsers and tests. */
  readonly fetch?: FetchLike
  /** Read once, when the provider is made. Default: `process.env` where there is one. */
  readonly environment?: Readonly<Record<string, string | undefined>>
}
