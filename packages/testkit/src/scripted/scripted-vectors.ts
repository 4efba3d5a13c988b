import type { EmbeddingSpace } from '@openmux/core'

const DIMENSIONS = 16

/** The space of {@link scriptedVector}s of one model. */
export function scriptedSpace(model: string): EmbeddingSpace {
  return { model, revision: '1', dimensions: DIMENSIONS, pooling: 'mean', normalized: true }
}

/** A vector of length 1 that depends on nothing but the text; equal words make texts alike. */
export function scriptedVector(text: string): readonly number[] {
  const sums = Array.from({ length: DIMENSIONS }, () => 0.01)
  for (const word of `${text} ${text.length}`.toLowerCase().split(/\s+/)) {
    for (const place of sums.keys()) sums[place] = (sums[place] ?? 0) + hash(`${place}:${word}`)
  }
  const norm = Math.hypot(...sums)
  return sums.map((sum) => sum / norm)
}

/** FNV-1a, as a number from -1 up to 1. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0
  // The last bytes reach only the low bits of FNV; spread them.
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d) >>> 0
  value = Math.imul(value ^ (value >>> 12), 0x297a2d39) >>> 0
  return (value / 0xffffffff) * 2 - 1
}
