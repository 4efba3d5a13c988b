import type { Usage } from '../contract/usage.js'

/** All of them together. `estimated` when one is, or when `missing` calls told none. Undefined when nobody told any. */
export function totalUsage(usages: readonly Usage[], missing: number): Usage | undefined {
  if (usages.length === 0) return undefined
  const sum = (read: (usage: Usage) => number | undefined): number | undefined => {
    const told = usages.map(read).filter((value) => value !== undefined)
    return told.length === 0 ? undefined : told.reduce((total, value) => total + value, 0)
  }
  const reasoningTokens = sum((usage) => usage.reasoningTokens)
  const cachedInputTokens = sum((usage) => usage.cachedInputTokens)
  const costUsd = sum((usage) => usage.costUsd)
  return {
    inputTokens: sum((usage) => usage.inputTokens) ?? 0,
    outputTokens: sum((usage) => usage.outputTokens) ?? 0,
    ...(reasoningTokens !== undefined && { reasoningTokens }),
    ...(cachedInputTokens !== undefined && { cachedInputTokens }),
    ...(costUsd !== undefined && { costUsd }),
    ...((missing > 0 || usages.some((usage) => usage.estimated === true)) && { estimated: true }),
  }
}
