import type { CorpusTopic } from './corpus.ts'

/** The questions that the corpus could say word for word, with the topic; case and punctuation do not count. */
export function overlaps(topics: readonly CorpusTopic[], questions: readonly string[]): string[] {
  const plain = new Map(questions.map((question) => [letters(question), question]))
  const asked = [...plain].map(([text, question]) => ({ text, closed: text.replaceAll(' ', ''), question }))
  const found = new Set<string>()
  for (const { id, patterns, questions: taught } of topics) {
    for (const question of taught) {
      const same = plain.get(letters(question))
      if (same !== undefined) found.add(`${id}: ${same}`)
    }
    for (const pattern of patterns) {
      // Most questions are out after one look for what does not vary; a space may be there or not.
      const fixed = longestFixed(pattern)
      let wording: RegExp | undefined
      for (const { text, closed, question } of asked) {
        if (!closed.includes(fixed)) continue
        wording ??= wordingOf(pattern)
        if (wording.test(text)) found.add(`${id}: ${question}`)
      }
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

/** The longest part outside of all brackets, without spaces; empty if everything varies. */
function longestFixed(pattern: string): string {
  let depth = 0
  let fixed = ''
  for (const character of pattern) {
    if (character === ')') depth -= 1
    if (character === '(' || character === ')') fixed += '|'
    else if (depth === 0) fixed += character
    if (character === '(') depth += 1
  }
  return fixed
    .split('|')
    .map((part) => letters(part).replaceAll(' ', ''))
    .reduce((longest, part) => (part.length > longest.length ? part : longest), '')
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
