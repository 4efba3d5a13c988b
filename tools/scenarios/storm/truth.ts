import { Random } from './random.ts'

/** Models of one family answer a question in the same words; two families in different ones. */
export type Family = 'sea' | 'hill'

/** Models of one space give the same vector for a text. */
export type SpaceName = 'near' | 'far'

/** A call the models make for a question. */
export interface TrueCall {
  readonly name: string
  readonly arguments: string
}

const COMMON = [
  'the',
  'and',
  'of',
  'a',
  'in',
  'is',
  'that',
  'it',
  'was',
  'for',
  'on',
  'as',
  'with',
  'not',
  'by',
]
const OWN: Readonly<Record<Family, readonly string[]>> = {
  sea: [
    'tide',
    'harbour',
    'naïve',
    'Straße',
    'gull',
    '波',
    '海岸',
    'salt',
    '🌊',
    'sail',
    'kelp',
    'reef',
    '👩‍🚀',
    '"quoted"',
  ],
  hill: [
    'slope',
    'meadow',
    'façade',
    'Köln',
    'goat',
    '山',
    '🏔️',
    'stone',
    'path',
    'moss',
    'ridge',
    '\\back',
    '{brace}',
  ],
}
const GAPS = [' ', ' ', ' ', ' ', ' ', ' ', ', ', '. ', '\n', '  ', '\t', ' – ', '.\n\n']

/** What a family answers to a question: nothing but whole words, never empty. */
export function trueText(family: Family, topic: number): string {
  const shared = new Random('shape', topic)
  const shape = shared.next()
  const opening = new Random('opening', topic)
  const own = new Random(family, topic)
  // Two models often begin alike: "The", "Here is", a whole sentence.
  const alike = shared.chance(0.3)
    ? words(opening, ['sure', 'here', 'answer', 'you'], shared.between(1, 8))
    : ''
  if (shape < 0.06) return alike + words(own, OWN[family], shared.between(1, 3)).trim() + '.'
  if (shape < 0.14)
    return refrain(alike + words(own, OWN[family], shared.between(6, 20)), shared.between(2, 3))
  if (shape < 0.17) return own.pick(['ha', 'la ', 'no ', '🌊']).repeat(shared.between(3, 60))
  const count =
    shape < 0.3 ? shared.between(3, 12) : shape < 0.9 ? shared.between(20, 70) : shared.between(120, 260)
  const text = alike + words(own, OWN[family], count)
  return shared.chance(0.1) ? `\n${text}\n` : text
}

/** The JSON a question is answered with. */
export function trueJson(family: Family, topic: number): string {
  const random = new Random(family, 'json', topic)
  const list = Array.from({ length: random.between(0, 8) }, () => random.pick(OWN[family]))
  return JSON.stringify({ topic, words: list, nested: { deep: random.between(0, 9_999), ok: true } })
}

/** The tools called for a question, none twice with the same words. */
export function trueCalls(family: Family, topic: number): readonly TrueCall[] {
  const random = new Random(family, 'calls', topic)
  return Array.from({ length: random.between(1, 3) }, (_, place) => ({
    name: random.pick(['pay', 'look_up']),
    arguments: JSON.stringify({
      place,
      topic,
      note: random.pick(OWN[family]),
      amount: random.between(1, 9_999),
    }),
  }))
}

/** What a model that is handed somebody else's words says after them. */
export function foreignContinuation(family: Family, topic: number): string {
  return ` ${words(new Random(family, 'continuation', topic), OWN[family], 12).trim()}.`
}

export const DIMENSIONS = 6

export function trueVector(space: SpaceName, text: string): number[] {
  const random = new Random(space, text)
  return Array.from({ length: DIMENSIONS }, () => Math.fround(random.next() * 2 - 1))
}

function words(random: Random, own: readonly string[], count: number): string {
  let text = ''
  for (let index = 0; index < count; index += 1)
    text += random.pick(random.chance(0.5) ? COMMON : own) + random.pick(GAPS)
  return text
}

function refrain(verse: string, times: number): string {
  return Array.from({ length: times }, () => verse.trim()).join('\n')
}
