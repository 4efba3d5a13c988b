import type { Results } from './examine.ts'

/** The marks the guide must reach, as shares. */
export const MARKS = { right: 0.85, invented: 0 } as const

/**
 * What the guide that ships may not fall below; to be raised with every better one, up to the marks. `invented` is that
 * of the examination and of the rehearsal together: one question more or less of 120 says little.
 */
export const FLOORS = { right: 0.85, invented: 0.015 } as const

/** What an examination comes to. */
export interface Scores {
  readonly inDomain: {
    readonly asked: number
    readonly right: number
    readonly unknown: number
    readonly false: number
  }
  readonly outside: { readonly asked: number; readonly invented: number }
  readonly languages: {
    readonly asked: number
    readonly own: number
    readonly other: number
    readonly wrong: number
  }
}

export function scoresOf({ inDomain, outside, languages }: Results): Scores {
  const count = <Entry>(entries: readonly Entry[], test: (entry: Entry) => boolean): number =>
    entries.filter(test).length
  return {
    inDomain: {
      asked: inDomain.length,
      right: count(inDomain, ({ verdict }) => verdict === 'right'),
      unknown: count(inDomain, ({ verdict }) => verdict === 'does not know'),
      false: count(inDomain, ({ verdict }) => verdict === 'says something false'),
    },
    outside: { asked: outside.length, invented: count(outside, ({ invented }) => invented) },
    languages: {
      asked: languages.length,
      own: count(languages, ({ verdict }) => verdict === 'in that language'),
      other: count(languages, ({ verdict }) => verdict === 'in another language'),
      wrong: count(languages, ({ verdict }) => verdict === 'something else'),
    },
  }
}
