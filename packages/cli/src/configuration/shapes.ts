import * as z from 'zod'

/**
 * Makes a schema describe itself in its errors: the message of every issue is the shape expected,
 * and of an unknown key the keys there are. `config-errors.ts` builds the sentence around it.
 */
export function words(expected: string): { readonly error: string } {
  return { error: expected }
}

/** An object that takes these keys and no others, all of them optional. */
export function strict<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  expected: string,
): z.ZodObject<Shape, z.core.$strict> {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : expected),
  })
}

/** An optional text that is not empty. */
export function name(expected: string): z.ZodOptional<z.ZodString> {
  return z.string(words(expected)).trim().min(1, words(expected)).optional()
}

/** An optional switch. */
export const flag = z.boolean(words('true or false')).optional()

/** One of some words, optional. */
export function oneOfWords<const Words extends readonly string[]>(
  known: Words,
): z.ZodOptional<z.ZodEnum<{ [Word in Words[number]]: Word }>> {
  return z.enum(known, words(`one of ${known.join(', ')}`)).optional()
}

/** An optional array of texts that are not empty. */
export function names(expected: string): z.ZodOptional<z.ZodArray<z.ZodString>> {
  return z.array(z.string(words(expected)).trim().min(1, words(expected)), words(expected)).optional()
}

/** An optional whole number of at least `least`. */
export function whole(least: number, expected: string): z.ZodOptional<z.ZodInt> {
  return z.int(words(expected)).min(least, words(expected)).optional()
}
