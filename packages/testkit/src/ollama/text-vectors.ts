/** A vector of length 1 that depends on nothing but the text; texts with equal words point alike. */
export function textVector(text: string, dimensions: number): readonly number[] {
  const sums = Array.from({ length: dimensions }, () => 0)
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  // Two letters of weight for the whole text, so that an empty text has a vector and no two texts are equal.
  for (const [word, weight] of [...words.map((each) => [each, 1] as const), [`^${text}$`, 0.3] as const]) {
    for (let place = 0; place < dimensions; place += 1)
      sums[place] = (sums[place] ?? 0) + weight * noise(word, place)
  }
  const norm = Math.hypot(...sums)
  return sums.map((sum) => sum / norm)
}

/** A number from -1 to 1 for a word and a place. */
function noise(word: string, place: number): number {
  let value = 0x811c9dc5 ^ Math.imul(place + 1, 0x9e3779b1)
  for (let index = 0; index < word.length; index += 1)
    value = Math.imul(value ^ word.charCodeAt(index), 0x01000193)
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d)
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39)
  return ((value ^ (value >>> 15)) >>> 0) / 0x7fffffff - 1
}
