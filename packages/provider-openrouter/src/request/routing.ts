/** A number, or one for each percentile. */
export type Percentiles =
  | number
  | { readonly p50?: number; readonly p75?: number; readonly p90?: number; readonly p99?: number }

/**
 * Which of its upstream providers OpenRouter may use, sent as the body member `provider`, in the wire's own words.
 * Source: OpenRouterTeam/docs guides/routing/provider-selection.mdx.
 */
export interface OpenRouterRouting {
  /** Provider slugs to try first, in this order; switches load balancing off. */
  readonly order?: readonly string[]
  /** Only these providers. */
  readonly only?: readonly string[]
  /** None of these providers. */
  readonly ignore?: readonly string[]
  /** Whether others may serve when the first cannot. OpenRouter's default: `true`. */
  readonly allow_fallbacks?: boolean
  /** Only providers that know every parameter sent. Set by this package for tools and JSON Schema. */
  readonly require_parameters?: boolean
  /** `deny`: only providers that do not keep or train on prompts. OpenRouter's default: `allow`. */
  readonly data_collection?: 'allow' | 'deny'
  /** Only endpoints with zero data retention. */
  readonly zdr?: boolean
  readonly enforce_distillable_text?: boolean
  /** `fp8`, `int4` … */
  readonly quantizations?: readonly string[]
  readonly sort?:
    | 'price'
    | 'throughput'
    | 'latency'
    | 'exacto'
    | { readonly by: 'price' | 'throughput' | 'latency' | 'exacto'; readonly partition?: 'model' | 'none' }
  /** Tokens per second. */
  readonly preferred_min_throughput?: Percentiles
  /** Seconds. */
  readonly preferred_max_latency?: Percentiles
  /** USD per **million** tokens (`prompt`, `completion`), or for each request, image or audio. */
  readonly max_price?: {
    readonly prompt?: number
    readonly completion?: number
    readonly request?: number
    readonly image?: number
    readonly audio?: number
  }
}
