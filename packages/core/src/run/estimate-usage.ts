import type { ChatRequest } from '../contract/chat-request.js'
import type { Usage } from '../contract/usage.js'
import { ContextNeed } from '../plan/context-need.js'
import { estimateTokens } from '../plan/estimate-tokens.js'

/** Usage for a back end that told none, marked as estimated. */
export function estimateUsage(request: ChatRequest, answered: string): Usage {
  const inputTokens = new ContextNeed(request.messages).tokens
  return { inputTokens, outputTokens: estimateTokens(answered), estimated: true }
}

/** What a back end told, if it can be so: not a number, or one below nothing, is no count. */
export function plausibleUsage(told: Usage | undefined): Usage | undefined {
  if (told === undefined || told === null) return undefined
  const { inputTokens, outputTokens, costUsd = 0 } = told
  if (!isAmount(inputTokens) || !isAmount(outputTokens)) return undefined
  if (isAmount(costUsd)) return told
  const { costUsd: _costUsd, ...rest } = told
  return rest
}

function isAmount(value: number): boolean {
  return value >= 0 && value < 1e15
}

/** What several attempts at one answer cost together. */
export function addUsage(all: readonly Usage[]): Usage | undefined {
  const [first, ...rest] = all
  if (first === undefined) return undefined
  return rest.reduce<Usage>(
    (sum, usage) => ({
      inputTokens: sum.inputTokens + usage.inputTokens,
      outputTokens: sum.outputTokens + usage.outputTokens,
      ...both('reasoningTokens', sum, usage),
      ...both('cachedInputTokens', sum, usage),
      ...both('costUsd', sum, usage),
      ...((sum.estimated === true || usage.estimated === true) && { estimated: true }),
    }),
    first,
  )
}

function both(key: 'reasoningTokens' | 'cachedInputTokens' | 'costUsd', a: Usage, b: Usage): Partial<Usage> {
  return a[key] === undefined && b[key] === undefined ? {} : { [key]: (a[key] ?? 0) + (b[key] ?? 0) }
}
