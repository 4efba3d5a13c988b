import type { Results } from './examine.ts'

/** The marks the guide must reach, as shares. */
export const MARKS = { right: 0.85, invented: 0 } as const

/**
 * How often the guide that ships may warn that it is not sure: of the questions about OpenMux, and of all others in the
 * examination and the rehearsal together. To be tightened with every better one.
 */
export const LIMITS = { unsure: 0.25, unsureOutside: 0.02 } as const

/** What an examination comes to. */
export interface Scores {
  readonly inDomain: {
    readonly asked: number
    readonly right: number
    readonly unknown: number
    readonly false: number
    /** Answers with the words in front that it is not sure, and how many of them are right. */
    readonly unsure: number
    readonly unsureRight: number
  }
  readonly outside: { readonly asked: number; readonly invented: number; readonly unsure: number }
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
      unsure: count(inDomain, ({ unsure }) => unsure),
      unsureRight: count(inDomain, ({ unsure, verdict }) => unsure && verdict === 'right'),
    },
    outside: {
      asked: outside.length,
      invented: count(outside, ({ verdict }) => verdict === 'invents'),
      unsure: count(outside, ({ verdict }) => verdict === 'unsure'),
    },
    languages: {
      asked: languages.length,
      own: count(languages, ({ verdict }) => verdict === 'in that language'),
      other: count(languages, ({ verdict }) => verdict === 'in another language'),
      wrong: count(languages, ({ verdict }) => verdict === 'something else'),
    },
  }
}
