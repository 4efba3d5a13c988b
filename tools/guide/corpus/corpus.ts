import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CommandHelp } from './command-help.ts'
import { HELD_OUT, linesOf, questionsOf, REHEARSAL } from '../examine/questions.ts'
import { madeAnswer } from './made-answer.ts'
import { letters } from './overlap.ts'
import { readTopics } from './read-topics.ts'

/** One topic as the training reads it. */
export interface CorpusTopic {
  readonly id: string
  readonly answer: string
  /**
   * Said in front of it where the guide is not sure that it is asked about OpenMux; nothing where the answer says so
   * itself, null where it is only given when the guide is sure.
   */
  readonly unsure: string | null
  /** Wordings with parts that vary. */
  readonly patterns: readonly string[]
  /** Wordings to be taken as they are. */
  readonly questions: readonly string[]
  /** How often it is drawn, compared with the others. */
  readonly share: number
}

/** What it is asked about anything else, and in other languages, as shares of all examples. */
const OUTSIDE = 0.34
const LANGUAGES = 0.12
/** Who asks the guide sits at the command line: what programs need is asked half as often. */
const LIBRARY = 0.5

/** What the guide says in front of an answer to what may be about something else. */
export const UNSURE = 'I only know OpenMux. If that is what you mean: '
/** Greetings and the like. */
const MANNERS = 'manners'

const TOPICS = fileURLToPath(new URL('../topics', import.meta.url))
const DEVELOPMENT = fileURLToPath(new URL('../dev-set', import.meta.url))
/** Requests of every kind in many languages, written for the classifier: here they are what the guide cannot know. */
const REQUESTS = fileURLToPath(new URL('../../classifier/training/by-hand', import.meta.url))

/** Everything the guide is taught. */
export function corpus(help: CommandHelp): CorpusTopic[] {
  const asked = askedElsewhere()
  const read = readTopics(TOPICS)
  const topics = read.map(({ id, area, answer, patterns }) => ({
    id,
    answer: answer ?? madeAnswer(id, help),
    unsure: saysItself(id) ? '' : area === MANNERS ? null : UNSURE,
    patterns,
    questions:
      id === 'outside'
        ? requests('en', asked)
        : id.startsWith('language:')
          ? requests(id.slice('language:'.length), asked)
          : [],
  }))
  const shares = read.map(({ id, area }): number => (saysItself(id) ? 0 : area === 'library' ? LIBRARY : 1))
  const total = shares.reduce((sum, share) => sum + share, 0)
  const languages = topics.filter(({ id }) => id.startsWith('language:')).length
  return topics.map((topic, place) => ({
    ...topic,
    share:
      topic.id === 'outside'
        ? OUTSIDE
        : topic.id.startsWith('language:')
          ? LANGUAGES / languages
          : ((shares[place] ?? 0) / total) * (1 - OUTSIDE - LANGUAGES),
  }))
}

/** An answer that says of itself that the guide does not know, or not in that language. */
function saysItself(id: string): boolean {
  return id === 'outside' || id.startsWith('language:')
}

/** Requests in one language that are not about OpenMux, and that the examination and the development set do not ask. */
function requests(language: string, asked: ReadonlySet<string>): string[] {
  if (!readdirSync(REQUESTS).includes(`${language}.jsonl`)) return []
  return linesOf<unknown>(join(REQUESTS, `${language}.jsonl`)).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('text' in entry) || typeof entry.text !== 'string')
      return []
    if ('label' in entry && entry.label === 'unknown') return []
    if ('kind' in entry && (entry.kind === 'follow-up' || entry.kind === 'unclear')) return []
    const about = /openmux|ollama|openrouter|hugging ?face|lm studio|llama|embedding|vector/i.test(entry.text)
    return about || entry.text.length > 160 || asked.has(letters(entry.text)) ? [] : [entry.text]
  })
}

/** Every question that is for tuning or examining, in letters only. */
function askedElsewhere(): ReadonlySet<string> {
  const development = readdirSync(DEVELOPMENT).flatMap((name) =>
    linesOf<{ readonly question: string }>(join(DEVELOPMENT, name)),
  )
  const asked = [
    ...[HELD_OUT, REHEARSAL].flatMap(questionsOf),
    ...development.map(({ question }) => question),
  ]
  return new Set(asked.map(letters))
}
