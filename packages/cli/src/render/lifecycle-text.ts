import type { Lifecycle } from '@openmux/core'

/** How far along its life: `disabled since 2025-11-10: answers 410; next look 2026-02-01`. */
export function lifecycleText({ stage, since, reason, nextReview }: Lifecycle, isForced: boolean): string {
  const told = reason === undefined ? '' : `: ${withoutFullStop(reason)}`
  return [
    `${stage} since ${since}${told}`,
    ...(isForced ? ['forced on'] : []),
    ...(nextReview === undefined ? [] : [`next look ${nextReview}`]),
  ].join('; ')
}

/** What to use in its place; nothing when nobody said. */
export function insteadOf({ replacement }: Lifecycle): readonly string[] {
  if (replacement === undefined) return []
  return [/\s/.test(replacement) ? replacement : `Use ${replacement} instead.`]
}

/** How a disabled provider is used all the same. */
export function forceOn(id: string): string {
  return `Force it on with --force-enabled ${id}, if you know that it works.`
}

/** The one line about a provider that answered and will go away, or was forced on; undefined for the others. */
export function lifecycleNotice(id: string, lifecycle: Lifecycle): string | undefined {
  const { stage, since, reason, notice } = lifecycle
  const why = reason === undefined ? '' : `: ${withoutFullStop(reason)}`
  if (stage === 'disabled') return `${id} was forced on; it is disabled since ${since}${why}.`
  if (notice !== undefined) return notice
  if (stage !== 'deprecated') return undefined
  return [`${id} is deprecated since ${since}${why}.`, ...insteadOf(lifecycle)].join(' ')
}

function withoutFullStop(sentence: string): string {
  return sentence.replace(/\.$/, '')
}
