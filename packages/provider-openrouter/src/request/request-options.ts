import type { OpenRouterRouting } from './routing.js'

/**
 * What `providerOptions.openrouter` of one request may hold: members of OpenRouter's body, handed on as they are.
 * `provider` is merged over the option `routing`. Source: OpenRouterTeam/docs openapi/openapi.yaml.
 */
export interface OpenRouterRequestOptions {
  readonly provider?: OpenRouterRouting
  /** Other models to take in this order when the one asked for cannot serve. `start.model` says which did. */
  readonly models?: readonly string[]
  readonly reasoning?: {
    readonly effort?: 'max' | 'xhigh' | 'high' | 'medium' | 'low' | 'minimal' | 'none'
    readonly max_tokens?: number
    readonly exclude?: boolean
    readonly enabled?: boolean
  }
  /** `web`, `file-parser`, `context-compression` … with their options. */
  readonly plugins?: readonly Readonly<Record<string, unknown>>[]
  /** At most 256 characters; requests with the same one go to the same upstream where possible. */
  readonly session_id?: string
  readonly user?: string
  readonly preset?: string
  readonly [member: string]: unknown
}
