import type { InDomainQuestion, Wanted } from './questions.ts'

/** What the guide says about anything that it was not taught. */
export interface KnownAnswers {
  /** The answer to what is not about OpenMux. */
  readonly outside: string
  /** By primary tag: the answer to a question in that language. */
  readonly languages: ReadonlyMap<string, string>
  /** What it says in front of an answer where it is not sure that it is asked about OpenMux. */
  readonly unsure: string
}

export type InDomainVerdict = 'right' | 'does not know' | 'lacks the fact' | 'says something false'

/** A question about OpenMux: right with every required fact and no forbidden one; not to know is not right. */
export function judgeInDomain(
  answer: string,
  { require, forbid }: InDomainQuestion,
  known: KnownAnswers,
): InDomainVerdict {
  const said = withoutWarning(answer, known)
  if (isRefusal(said, known)) return 'does not know'
  if (forbid.some((each) => holds(said, each))) return 'says something false'
  return require.every((group) => group.some((each) => holds(said, each))) ? 'right' : 'lacks the fact'
}

export type OutsideVerdict = 'does not know' | 'unsure' | 'invents'

/**
 * A question about anything else: what is said as if it had been asked about OpenMux counts as invented, however true it
 * is. What begins with the words that it is only meant for OpenMux claims nothing about what was asked.
 */
export function judgeOutside(answer: string, known: KnownAnswers): OutsideVerdict {
  if (isRefusal(withoutWarning(answer, known), known)) return 'does not know'
  return isUnsure(answer, known) ? 'unsure' : 'invents'
}

/** Whether it says in front that it is not sure to be asked about OpenMux. */
export function isUnsure(answer: string, known: KnownAnswers): boolean {
  return answer.trimStart().startsWith(known.unsure)
}

/** The plain "I do not know about that", in whatever language. */
export function isRefusal(answer: string, known: KnownAnswers): boolean {
  return same(answer, known.outside) || [...known.languages.values()].some((each) => same(answer, each))
}

/** What is said: the words in front are no part of it. */
function withoutWarning(answer: string, known: KnownAnswers): string {
  return isUnsure(answer, known) ? answer.trimStart().slice(known.unsure.length) : answer
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
