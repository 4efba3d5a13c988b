import type { PromptSize } from './prompt-size.js'

/** Characters of one unbroken word that can be one token, at the very most. */
const LONGEST_TOKEN = 24

/**
 * Tokens of a text, in one pass.
 *
 * - `atLeast`: tokenizers in use split at white space first, so each word is one token or more.
 *   Runs of one character (a ruler of `=`) are counted as one character, for they can be one token.
 * - `atMost`: tokenizers fall back to single bytes, so the bytes of the text are the most.
 * - `likely`: 4 letters a token, 1.5 digits, 1.3 signs, 2 characters of other alphabets, 1
 *   character of Chinese, Japanese and Korean. English text comes out 5 to 20 % high.
 */
export function textSize(text: string): PromptSize {
  let atLeast = 0
  let atMost = 0
  let likely = 0
  let word = 0
  let letters = 0
  let previous = -1
  const endLetters = (): void => {
    // Long unbroken runs are no words: keys, base64, minified code.
    if (letters > 0) likely += letters > LONGEST_TOKEN ? letters / 2 : Math.max(1, letters / 4)
    letters = 0
  }
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    atMost += byteLength(code)
    const repeated = code === previous
    previous = code
    if (isSpace(code)) {
      endLetters()
      if (word > 0) atLeast += Math.ceil(word / LONGEST_TOKEN)
      word = 0
      if (repeated) likely += 1 / 8
      else if (code === 10) likely += 1
      continue
    }
    if (!repeated) word += 1
    if (isLetter(code)) {
      letters += 1
      continue
    }
    endLetters()
    likely += weight(code, repeated)
  }
  endLetters()
  if (word > 0) atLeast += Math.ceil(word / LONGEST_TOKEN)
  return { likely, atLeast, atMost }
}

function weight(code: number, repeated: boolean): number {
  if (code >= 48 && code <= 57) return 1 / 1.5
  if (code < 128) return repeated ? 1 / 6 : 1 / 1.3
  return code < 0x0900 ? 1 / 2 : 1
}

function byteLength(code: number): number {
  if (code < 0x80) return 1
  if (code < 0x800) return 2
  // Each half of a surrogate pair carries two of its four bytes.
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x2028 || code === 0x3000
}
