import type { InDomainQuestion, Wanted } from './questions.ts'

/** What the guide says about anything that it was not taught. */
export interface KnownAnswers {
  /** The answer to what is not about OpenMux. */
  readonly outside: string
  /** By primary tag: the answer to a question in that language. */
  readonly languages: ReadonlyMap<string, string>
}

export type InDomainVerdict = 'right' | 'does not know' | 'lacks the fact' | 'says something false'

/** A question about OpenMux: right with every required fact and no forbidden one; not to know is not right. */
export function judgeInDomain(
  answer: string,
  { require, forbid }: InDomainQuestion,
  known: KnownAnswers,
): InDomainVerdict {
  if (isRefusal(answer, known)) return 'does not know'
  if (forbid.some((each) => holds(answer, each))) return 'says something false'
  return require.every((group) => group.some((each) => holds(answer, each))) ? 'right' : 'lacks the fact'
}

/** A question about anything else: whatever is not the plain "I do not know about that" counts as invented. */
export function isRefusal(answer: string, known: KnownAnswers): boolean {
  return same(answer, known.outside) || [...known.languages.values()].some((each) => same(answer, each))
}

export type LanguageVerdict = 'in that language' | 'in another language' | 'something else'

/** A question in another language: the polite answer in that language, in another one, or what it should not say. */
export function judgeLanguage(answer: string, language: string, known: KnownAnswers): LanguageVerdict {
  const expected = known.languages.get(language) ?? known.languages.get('other') ?? known.outside
  if (same(answer, expected)) return 'in that language'
  return isRefusal(answer, known) ? 'in another language' : 'something else'
}

function same(one: string, other: string): boolean {
  return one.trim() === other.trim()
}

function holds(answer: string, wanted: Wanted): boolean {
  return typeof wanted === 'string'
    ? answer.toLowerCase().includes(wanted.toLowerCase())
    : new RegExp(wanted.pattern, 'i').test(answer)
}
