import { scriptedVector } from '../scripted/scripted-vectors.js'

/** A vector of length 1 with so many numbers, that depends on nothing but the text. */
export function hfDoubleVector(text: string, dimensions: number): readonly number[] {
  const numbers: number[] = []
  for (let block = 0; numbers.length < dimensions; block += 1)
    numbers.push(...scriptedVector(`${text} ${block}`))
  const cut = numbers.slice(0, dimensions)
  const norm = Math.hypot(...cut)
  return cut.map((number) => number / norm)
}

/**
 * One vector a token of the text (a token is a word, with a mark before the first and behind the last). Their mean
 * points where {@link hfDoubleVector} does.
 */
export function hfDoubleTokenVectors(text: string, dimensions: number): readonly (readonly number[])[] {
  const mean = hfDoubleVector(text, dimensions)
  const tokens = text.split(/\s+/).filter((word) => word !== '').length + 2
  // Pairs that differ from the mean by opposite amounts, so that the mean is what it must be.
  return Array.from({ length: tokens }, (_unused, place) => {
    const isLastOfOdd = tokens % 2 === 1 && place === tokens - 1
    const sign = isLastOfOdd ? 0 : place % 2 === 0 ? 1 : -1
    return mean.map((number, index) => number + (sign * ((index % 7) - 3)) / 50)
  })
}
