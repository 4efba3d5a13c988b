import type { CallContext, Provider } from '@openmux/core'
import type { OpenRouterQuota } from './key/quota.js'
import type { OpenRouterModel } from './models/openrouter-model.js'

/** OpenRouter as a provider, with what it can tell beyond the contract. */
export interface OpenRouterProvider extends Provider {
  readonly recommend: NonNullable<Provider['recommend']>
  readonly chat: NonNullable<Provider['chat']>
  readonly embed: NonNullable<Provider['embed']>
  readonly limits: NonNullable<Provider['limits']>
  readonly quota: NonNullable<Provider['quota']>
  /** All that `GET /key` tells: money, and free requests of the day. Costs nothing. Throws `auth` without a valid key. */
  keyStatus(context: CallContext): Promise<OpenRouterQuota>
  /** The models with what a card has no room for: when they were listed and when they go away. Needs no key. */
  catalog(context: CallContext): Promise<readonly OpenRouterModel[]>
}
