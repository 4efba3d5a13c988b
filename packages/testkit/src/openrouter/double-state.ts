import type { ChatAnswer } from '../openai/chat-script.js'
import type { Packets } from '../openai/fixture-response.js'
import { LISTED_EMBEDDING_MODELS, LISTED_MODELS, type ListedModel } from './fixtures/models.js'

/** An answer in place of the usual one: of a status, with a text as it is or a value as JSON. */
export interface OpenRouterRefusal {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** `{key}` in a text becomes the key of the request. */
  readonly body: unknown
}

/** The routes of the double, without what stands before them. */
export type OpenRouterPath = '/chat/completions' | '/embeddings' | '/models' | '/embeddings/models' | '/key'

/** What the double is told; put back by `reset`. */
export interface DoubleState {
  next: ChatAnswer[]
  every: ChatAnswer | undefined
  readonly refusals: Map<OpenRouterPath, OpenRouterRefusal>
  readonly silent: Set<OpenRouterPath>
  packets: Packets | undefined
  dropsVector: boolean
  models: readonly ListedModel[]
  embeddingModels: readonly ListedModel[]
  key: Readonly<Record<string, unknown>>
}

/** The beginning. */
export function freshState(): DoubleState {
  return {
    next: [],
    every: undefined,
    refusals: new Map(),
    silent: new Set(),
    packets: undefined,
    dropsVector: false,
    models: LISTED_MODELS,
    embeddingModels: LISTED_EMBEDDING_MODELS,
    key: FREE_KEY,
  }
}

/**
 * `GET /key` of an account without credits (OpenRouterTeam/docs api_reference/limits.mdx, verified;
 * `free_model_daily_requests` captured).
 */
export const FREE_KEY: Readonly<Record<string, unknown>> = {
  label: 'sk-or-v1-abc...123',
  limit: null,
  limit_reset: null,
  limit_remaining: null,
  include_byok_in_limit: false,
  usage: 0,
  usage_daily: 0,
  usage_weekly: 0,
  usage_monthly: 0,
  byok_usage: 0,
  is_free_tier: true,
  is_management_key: false,
  is_provisioning_key: false,
  expires_at: null,
  creator_user_id: 'user_1',
  rate_limit: { requests: -1, interval: '10s', note: 'This field is deprecated' },
  free_model_daily_requests: { used: 13, limit: 50, remaining: 37 },
}
