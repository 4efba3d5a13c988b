/** Variables of the process, or those given for a test. Empty where there is no process. */
export function environmentOf(
  given: Readonly<Record<string, string | undefined>> | undefined,
): Readonly<Record<string, string | undefined>> {
  return given ?? (typeof process === 'undefined' ? {} : process.env)
}
