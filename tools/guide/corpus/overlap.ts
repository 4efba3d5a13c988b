import type { CorpusTopic } from './corpus.ts'

/** The questions that the corpus could say word for word, with the topic; case and punctuation do not count. */
export function overlaps(topics: readonly CorpusTopic[], questions: readonly string[]): string[] {
  const plain = new Map(questions.map((question) => [letters(question), question]))
  const found = new Set<string>()
  for (const { id, patterns, questions: taught } of topics) {
    for (const question of taught) {
      const same = plain.get(letters(question))
      if (same !== undefined) found.add(`${id}: ${same}`)
    }
    for (const pattern of patterns) {
      const wording = wordingOf(pattern)
      for (const [text, question] of plain) if (wording.test(text)) found.add(`${id}: ${question}`)
    }
  }
  return [...found].toSorted()
}

/** A text without case and punctuation. */
export function letters(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** A pattern is nearly a regular expression: what varies is written in the same way. */
function wordingOf(pattern: string): RegExp {
  const source = pattern
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}()|]+/gu, ' ')
    .trim()
    .replaceAll(/ /g, ' *')
    .replaceAll(/(?<=[()|])|(?=[()|])/g, ' *')
    .replaceAll('(', '(?:')
  return new RegExp(`^ *${source} *$`, 'u')
}
