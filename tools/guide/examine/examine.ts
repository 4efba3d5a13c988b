import { commandHelp } from '../corpus/command-help.ts'
import { corpus, UNSURE } from '../corpus/corpus.ts'
import type { AskGuide } from './ask-guide.ts'
import {
  type InDomainVerdict,
  isUnsure,
  judgeInDomain,
  judgeLanguage,
  judgeOutside,
  type KnownAnswers,
  type LanguageVerdict,
  type OutsideVerdict,
} from './judge.ts'
import type { Examination } from './questions.ts'

/** Everything that was asked, with what came back and what it is worth. */
export interface Results {
  readonly inDomain: readonly {
    question: string
    area: string
    answer: string
    verdict: InDomainVerdict
    unsure: boolean
  }[]
  readonly outside: readonly { question: string; answer: string; verdict: OutsideVerdict }[]
  readonly languages: readonly {
    question: string
    language: string
    answer: string
    verdict: LanguageVerdict
  }[]
}

/** What the guide says where it does not know or is not sure, out of the corpus it was taught. */
export function knownAnswers(): KnownAnswers {
  const topics = corpus(commandHelp())
  const languages = topics
    .filter(({ id }) => id.startsWith('language:'))
    .map(({ id, answer }): [string, string] => [id.slice('language:'.length), answer])
  const outside = topics.find(({ id }) => id === 'outside')
  if (outside === undefined) throw new Error('The corpus has no answer for what the guide does not know.')
  return { outside: outside.answer, languages: new Map(languages), unsure: UNSURE }
}

/** Asks every question of the examination, one after the other. */
export async function examine(
  ask: AskGuide,
  examination: Examination,
  known: KnownAnswers,
): Promise<Results> {
  const inDomain: Results['inDomain'][number][] = []
  for (const entry of examination.inDomain) {
    const answer = await ask(entry.question)
    inDomain.push({
      question: entry.question,
      area: entry.area,
      answer,
      verdict: judgeInDomain(answer, entry, known),
      unsure: isUnsure(answer, known),
    })
  }
  const outside: Results['outside'][number][] = []
  for (const { question } of examination.outside) {
    const answer = await ask(question)
    outside.push({ question, answer, verdict: judgeOutside(answer, known) })
  }
  const languages: Results['languages'][number][] = []
  for (const { question, language } of examination.languages) {
    const answer = await ask(question)
    languages.push({ question, language, answer, verdict: judgeLanguage(answer, language, known) })
  }
  return { inDomain, outside, languages }
}
