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

/** One of some words. */
export function oneOf(words: readonly string[]): (text: string) => string {
  return (text) => {
    const word = text.trim().toLowerCase()
    if (words.includes(word)) return word
    throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`)
  }
}

/** A text that is not empty. */
export function nonEmpty(text: string): string {
  if (text.trim() !== '') return text
  throw new InvalidArgumentError('It must not be empty.')
}
