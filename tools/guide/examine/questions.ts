import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A text that must be contained, or a JavaScript regular expression; case never counts. */
export type Wanted = string | { readonly pattern: string }

export interface InDomainQuestion {
  readonly question: string
  readonly area: string
  /** Every group must have at least one member in the answer. */
  readonly require: readonly (readonly Wanted[])[]
  /** None may be in the answer. */
  readonly forbid: readonly Wanted[]
}

export interface OutsideQuestion {
  readonly question: string
}

export interface LanguageQuestion {
  readonly question: string
  /** Primary tag: `de`. */
  readonly language: string
}

/** The questions of an examination. */
export interface Examination {
  readonly inDomain: readonly InDomainQuestion[]
  readonly outside: readonly OutsideQuestion[]
  readonly languages: readonly LanguageQuestion[]
}

/** The examination that counts: nobody tunes on it. */
export const HELD_OUT = fileURLToPath(new URL('../held-out', import.meta.url))
/** One like it, written apart from it, to be looked at while tuning. */
export const REHEARSAL = fileURLToPath(new URL('../rehearsal', import.meta.url))

export function readExamination(folder: string): Examination {
  return {
    inDomain: linesOf<InDomainQuestion>(join(folder, 'in-domain.jsonl')),
    outside: linesOf<OutsideQuestion>(join(folder, 'out-of-domain.jsonl')),
    languages: linesOf<LanguageQuestion>(join(folder, 'languages.jsonl')),
  }
}

/** What is asked in the examination of a folder, of every kind. */
export function questionsOf(folder: string): string[] {
  const { inDomain, outside, languages } = readExamination(folder)
  return [...inDomain, ...outside, ...languages].map(({ question }) => question)
}

/** The lines of a file that holds one JSON value a line. */
export function linesOf<Line>(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line))
}
