import { readFileSync } from 'node:fs'
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

/** The questions nobody trained on. */
export interface Examination {
  readonly inDomain: readonly InDomainQuestion[]
  readonly outside: readonly OutsideQuestion[]
  readonly languages: readonly LanguageQuestion[]
}

export function readExamination(
  folder = fileURLToPath(new URL('../held-out/', import.meta.url)),
): Examination {
  return {
    inDomain: linesOf<InDomainQuestion>(`${folder}/in-domain.jsonl`),
    outside: linesOf<OutsideQuestion>(`${folder}/out-of-domain.jsonl`),
    languages: linesOf<LanguageQuestion>(`${folder}/languages.jsonl`),
  }
}

/** The lines of a file that holds one JSON value a line. */
export function linesOf<Line>(file: string): Line[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Line => JSON.parse(line))
}
