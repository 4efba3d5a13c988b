import type { Family, SpaceName } from './truth.ts'

/** How a model takes the beginning of an answer that it is handed. */
export type PrefillManner = 'honoured' | 'refused' | 'ignored' | 'not-declared'

/** One upstream of the storm. */
export interface TargetSpec {
  readonly id: string
  readonly family: Family
  readonly prefill: PrefillManner
  readonly space: SpaceName
  readonly locality: 'local' | 'remote'
  /** It can only answer whole, whoever asks. */
  readonly whole?: boolean
}

/** All of one family: whoever answers, the words are the same, so every rescued character can be checked. */
export const SAME_WORDS: readonly TargetSpec[] = [
  { id: 'alpha', family: 'sea', prefill: 'honoured', space: 'near', locality: 'remote' },
  { id: 'bravo', family: 'sea', prefill: 'refused', space: 'near', locality: 'remote', whole: true },
  { id: 'charlie', family: 'sea', prefill: 'ignored', space: 'far', locality: 'remote' },
  { id: 'delta', family: 'sea', prefill: 'not-declared', space: 'near', locality: 'local' },
]

/**
 * Two families, as among real models. None that ignores a prefill has other words: what it says then is well formed
 * and follows on, so nobody could tell it from a continuation. Providers must not declare `prefill` for such servers.
 */
export const OTHER_WORDS: readonly TargetSpec[] = [
  { id: 'echo', family: 'sea', prefill: 'honoured', space: 'near', locality: 'remote' },
  { id: 'foxtrot', family: 'hill', prefill: 'honoured', space: 'far', locality: 'remote' },
  { id: 'golf', family: 'hill', prefill: 'not-declared', space: 'near', locality: 'remote', whole: true },
  { id: 'hotel', family: 'hill', prefill: 'refused', space: 'far', locality: 'local' },
]

export const ALL_TARGETS: readonly TargetSpec[] = [...SAME_WORDS, ...OTHER_WORDS]
