import { canonicalJson } from '../cache/canonical-json.js'

/** What people and models put in front of an answer. */
const LEAD_IN =
  /^(?:so,? )?(?:the )?(?:(?:final|correct|best|right) )*(?:answer|result|solution|option|choice|antwort|ergebnis|réponse|respuesta|risposta)(?:\s+is|\s+ist|\s+est|\s+es|\s*[:=])+\s*/
const UNITS: Readonly<Record<string, string>> = {
  percent: '%',
  'per cent': '%',
  kilometer: 'km',
  kilometre: 'km',
  meter: 'm',
  metre: 'm',
  centimeter: 'cm',
  centimetre: 'cm',
  kilogram: 'kg',
  gram: 'g',
  liter: 'l',
  litre: 'l',
  second: 's',
  minute: 'min',
  hour: 'h',
  dollar: '$',
  euro: '€',
}
const UNIT_WORD = new RegExp(`(?<=\\d) ?(${Object.keys(UNITS).join('|')})s?(?![\\p{L}\\d])`, 'gu')
const NUMBER_WORDS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/**
 * What two answers are compared by in a vote: equal for answers a person would call the same. Case, spaces,
 * Markdown, quotes, sentence marks and a lead-in ("The answer is") do not count; `1,000.0` is `1000`, `5 km`
 * is `5 kilometres`; JSON is compared by content. Signs, operators and brackets count: `a+b` is not `a-b`.
 */
export function normaliseAnswer(text: string): string {
  const json = asJson(text)
  if (json !== undefined) return json
  let plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\\boxed\{([^{}]*)\}/g, '$1')
    // Marks of Markdown round words; an asterisk between numbers is a multiplication.
    .replace(/\*\*|__|^#+\s|^\s*[-*•]\s+(?=\p{L})|`{1,3}(?:[a-z]+\n)?/gmu, '')
    .replace(/[“”„«»"]/g, '')
    .replace(/[‘’]/g, "'")
    .replace(/[–—−]/g, '-')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(LEAD_IN, '')
  plain = plain
    .replace(/(?<![\d.])\d{1,3}(?:,\d{3})+(?![\d,])/g, (number) => number.replaceAll(',', ''))
    .replace(/(?<![\d.,])\d+\.\d+(?![\d.,]*\d)/g, (number) => String(Number(number)))
    .replace(UNIT_WORD, (_match, unit: string) => UNITS[unit] ?? unit)
    .replace(/([$€£]) ?(\d[\d.]*)/g, '$2$1')
    .replace(/(?<=\d) (?=(?:%|°|[$€£]|k?m|cm|k?g|l|s|min|h)(?![\p{L}\d]))/gu, '')
    // Sentence marks, but not the point in a number, the one of a name (`node.js`) or a factorial.
    .replace(/[,;:?…]+(?=\s|$)|[.]+(?=\s|$)|(?<!\d)!+(?=\s|$)/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\(([^()]*)\)$|^'([^']*)'$|^\[([^[\]]*)\]$/, '$1$2$3')
    .replace(/^([a-z])\)$/, '$1')
  const word = NUMBER_WORDS.indexOf(plain)
  return word >= 0 ? String(word) : plain
}

/** Objects and arrays, also in a code fence, by content; other JSON is read as text. */
function asJson(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^```(?:json)?\s*\n([\s\S]*?)\n?```$/i, '$1')
    .trim()
  if (!/^[[{]/.test(bare)) return undefined
  try {
    return canonicalJson(JSON.parse(bare))
  } catch {
    return undefined
  }
}
