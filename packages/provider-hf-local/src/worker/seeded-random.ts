/**
 * A generator of numbers in [0, 1) that gives the same numbers for the same seed, on every machine.
 * Our own one for each answer, because the library's is a single generator for the whole process:
 * two answers at once would disturb each other's seed. The algorithm is "sfc32".
 */
export function seededRandom(seed: number): () => number {
  // The whole seed counts, also the part above 32 bits and the sign.
  let a = mix(seed >>> 0)
  let b = mix(Math.floor(seed / 2 ** 32) >>> 0)
  let c = 0x9e3779b9
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  // The first numbers of neighbouring seeds resemble each other.
  for (let warmUp = 0; warmUp < 12; warmUp++) next()
  return next
}

function mix(word: number): number {
  let mixed = word ^ 0x6a09e667
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return mixed ^ (mixed >>> 16)
}
