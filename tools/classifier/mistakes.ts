import type { Random } from './random.ts'

const NEIGHBOURS: Readonly<Record<string, string>> = {
  a: 'sqz',
  b: 'vn',
  c: 'xv',
  d: 'sf',
  e: 'wr',
  f: 'dg',
  g: 'fh',
  h: 'gj',
  i: 'uo',
  j: 'hk',
  k: 'jl',
  l: 'k',
  m: 'n',
  n: 'bm',
  o: 'ip',
  p: 'o',
  q: 'wa',
  r: 'et',
  s: 'ad',
  t: 'ry',
  u: 'yi',
  v: 'cb',
  w: 'qe',
  x: 'zc',
  y: 'tu',
  z: 'x',
}
const ACCENTS = /\p{M}/gu

/** A text as somebody types it in a hurry: letters swapped, lost, doubled, hit beside; accents and capitals left out. */
export function misspell(text: string, random: Random): string {
  const rate = 0.08 + random.next() * 0.3
  const words = text.split(/(\s+)/u).map((word) => (random.chance(rate) ? misspellWord(word, random) : word))
  let result = words.join('')
  if (random.chance(0.5)) result = result.toLowerCase()
  if (random.chance(0.25)) result = result.normalize('NFD').replaceAll(ACCENTS, '').normalize('NFC')
  if (random.chance(0.3)) result = result.replace(/[.?!;:]+$/u, '')
  return result
}

function misspellWord(word: string, random: Random): string {
  const letters = Array.from(word)
  if (letters.length < 3) return word
  const at = 1 + random.below(letters.length - 2)
  const here = letters[at] ?? ''
  const next = letters[at + 1] ?? ''
  switch (random.below(5)) {
    case 0:
      letters.splice(at, 2, next, here)
      break
    case 1:
      letters.splice(at, 1)
      break
    case 2:
      letters.splice(at, 0, here)
      break
    case 3:
      letters[at] = random.pick(Array.from(NEIGHBOURS[here.toLowerCase()] ?? here))
      break
    default:
      letters.splice(0, 2, letters[1] ?? '', letters[0] ?? '')
  }
  return letters.join('')
}
