import { OpenMuxError } from '../errors/openmux-error.js'
import { didYouMean } from '../plan/spelling.js'

/**
 * Holds the options of a maker (`ollama`, `createThing`) to the names it knows: a key in place of the options, or
 * `apikey` for `apiKey`, would otherwise be as good as nothing said. Members that are undefined are not looked at.
 * Throws `bad-config`; no value is shown, as it may be a key.
 */
export function checkOptionNames(
  maker: string,
  options: unknown,
  known: Readonly<Record<string, true>>,
): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OpenMuxError({
      code: 'bad-config',
      field: 'options',
      message: `${maker}() takes an object of options, not ${kindOf(options)}.`,
      hint: `Give options by their names: ${Object.keys(known).join(', ')}.`,
    })
  }
  const names = Object.keys(known)
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || Object.hasOwn(known, name)) continue
    const near = didYouMean(name, names)
    throw new OpenMuxError({
      code: 'bad-config',
      field: name,
      message: `${maker}() has no option "${name}".`,
      hint: near === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${near}?`,
    })
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'an array'
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`
}
