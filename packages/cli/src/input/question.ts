import { OpenMuxError } from '@openmux/core'

/** The question from the words of the command line and standard input: the input follows the words. Throws `bad-request` when both are empty. */
export function questionFrom(words: readonly string[], stdin: string | undefined): string {
  const asked = words.join(' ').trim()
  const given = stdin?.trim() === '' ? undefined : stdin
  if (asked === '' && given === undefined) {
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'question',
      message: 'The question is empty.',
      hint: 'Give it as words, openmux "Why is the sea salty?", or on standard input.',
    })
  }
  if (given === undefined) return asked
  return asked === '' ? given : `${asked}\n\n${given}`
}

/** The texts to embed: each word group of the command line is one; standard input is one more, or one a line. */
export function textsFrom(
  words: readonly string[],
  stdin: string | undefined,
  byLine: boolean,
): readonly string[] {
  const given = stdin ?? ''
  const more = byLine ? given.split(/\r?\n/) : [given.replace(/\r?\n$/, '')]
  const texts = [...words, ...more].filter((text) => text.trim() !== '')
  if (texts.length > 0) return texts
  throw new OpenMuxError({
    code: 'bad-request',
    field: 'text',
    message: 'There is no text to embed.',
    hint: 'Give texts as words, openmux embed "a cat" "a dog", or on standard input.',
  })
}
