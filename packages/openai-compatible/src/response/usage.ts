import type { Usage } from '@openmux/core'
import { countOf, defined, objectOf } from '@openmux/http'
import type { WireUsage } from '../wire/usage.js'

/**
 * `usage` of an answer, undefined when it tells nothing: absent, without the counts, or all zeros as OpenRouter sends
 * for an answer from its cache. Parts that are larger than their whole are cut down: some servers count thinking beside the answer.
 */
export function readUsage(value: unknown): Usage | undefined {
  const usage = objectOf(value)
  if (usage === undefined) return undefined
  const inputTokens = countOf(usage['prompt_tokens'])
  const total = countOf(usage['total_tokens'])
  if (inputTokens === undefined && total === undefined) return undefined
  const input = inputTokens ?? 0
  const output = countOf(usage['completion_tokens']) ?? Math.max(0, (total ?? input) - input)
  if (input === 0 && output === 0) return undefined
  const cached = countOf(objectOf(usage['prompt_tokens_details'])?.['cached_tokens'])
  const thought = countOf(objectOf(usage['completion_tokens_details'])?.['reasoning_tokens'])
  return {
    inputTokens: input,
    outputTokens: output,
    ...defined({
      reasoningTokens: thought === undefined ? undefined : Math.min(thought, output),
      cachedInputTokens: cached === undefined ? undefined : Math.min(cached, input),
      costUsd: costOf(usage['cost']),
    }),
  }
}

/** OpenRouter's `cost` is in USD. */
function costOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** `usage` for an answer; zeros when nothing is known, because clients expect the member. */
export function writeUsage(usage: Usage | undefined): WireUsage {
  const { inputTokens = 0, outputTokens = 0, cachedInputTokens, reasoningTokens, costUsd } = usage ?? {}
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    ...(cachedInputTokens === undefined
      ? {}
      : { prompt_tokens_details: { cached_tokens: cachedInputTokens } }),
    ...(reasoningTokens === undefined
      ? {}
      : { completion_tokens_details: { reasoning_tokens: reasoningTokens } }),
    ...(costUsd === undefined ? {} : { cost: costUsd }),
  }
}
