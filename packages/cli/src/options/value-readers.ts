import { InvalidArgumentError } from 'commander'

/** Gathers the values of an option that may be given several times. */
export function collect(text: string, previous: unknown): readonly string[] {
  const before: readonly unknown[] = Array.isArray(previous) ? previous : []
  return [...before.filter((item) => typeof item === 'string'), nonEmpty(text)]
}

/** A number within bounds. */
export function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text)
    if (value >= least && value <= most) return value
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}.`)
  }
}

/** A whole number above 0. */
export function wholeNumber(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a whole number above 0.')
}

/** A number of tokens: `8000`, or `32k` as model cards write it (a thousand, not 1,024: nobody is to lose by it). */
export function tokenCount(text: string): number {
  const [, digits = '', kilo] = /^\s*(\d+)(k?)\s*$/i.exec(text) ?? []
  const value = Number(digits) * (kilo === undefined || kilo === '' ? 1 : 1_000)
  if (digits !== '' && Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('It must be a number of tokens, like 8000 or 32k.')
}

/** Texts with commas between them; given again, more of them. */
export function list(text: string, previous: unknown): readonly string[] {
  return text
    .split(',')
    .filter((item, _place, all) => item.trim() !== '' || all.length === 1)
    .reduce<readonly string[]>(
      (before, item) => collect(item.trim(), before),
      Array.isArray(previous) ? previous : [],
    )
}

/** One of some words, or another spelling of one. */
export function oneOf(
  words: readonly string[],
  spellings: Readonly<Record<string, string>> = {},
): (text: string) => string {
  return (text) => {
    const typed = text.trim().toLowerCase()
    const word = spellings[typed] ?? typed
    if (words.includes(word)) return word
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
  }
}

/** A text that is not empty. */
export function nonEmpty(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}
