import type { Model } from './learn.ts'

const LEVELS = 16
const HEADER_BYTES = 64

/** Bytes of a model in the form that `packages/core/src/classify/weights.ts` unpacks, as base64. */
export function packModel(model: Model): string {
  const code = quantise(model.code)
  const embeddings = quantise(model.embeddings)
  const bits = new BitWriter()
  for (const { entries } of [code, embeddings]) writeEntries(entries, bits)
  const tail = bits.bytes()
  const bytes = new Uint8Array(HEADER_BYTES + tail.length)
  bytes.set([0x4f, 0x4d, 0x43, 0x02])
  bytes.set(tail, HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  view.setFloat32(8, code.step, true)
  view.setFloat32(12, embeddings.step, true)
  view.setFloat32(16, model.codeBias, true)
  view.setFloat32(20, model.embeddingsBias, true)
  view.setUint32(24, code.entries.length, true)
  view.setUint32(28, embeddings.entries.length, true)
  for (const [at, level] of [...code.levels, ...embeddings.levels].entries()) view.setInt8(32 + at, level)
  let sum = 0x811c9dc5
  for (const byte of bytes.subarray(8)) sum = Math.imul(sum ^ byte, 0x01000193)
  view.setUint32(4, sum >>> 0, true)
  return Buffer.from(bytes).toString('base64')
}

interface Quantised {
  readonly step: number
  /** The 16 different weights, in steps from -127 to 127. */
  readonly levels: readonly number[]
  /** Features in rising order, each with the index of its level. */
  readonly entries: readonly (readonly [feature: number, level: number])[]
}

/** Sixteen weights for all: those that miss the real ones least (Lloyd's algorithm from evenly filled classes). */
function quantise(weights: Float32Array): Quantised {
  const present = weights.filter((weight) => weight !== 0).toSorted()
  let levels = Array.from(
    { length: LEVELS },
    (_, at) => present[Math.floor(((at + 0.5) * present.length) / LEVELS)] ?? 0,
  )
  for (let time = 0; time < 60; time += 1) {
    const sums = new Float64Array(LEVELS)
    const counts = new Float64Array(LEVELS)
    for (const weight of present) {
      const level = nearest(levels, weight)
      sums[level] = (sums[level] ?? 0) + weight
      counts[level] = (counts[level] ?? 0) + 1
    }
    levels = levels.map((level, at) =>
      (counts[at] ?? 0) === 0 ? level : (sums[at] ?? 0) / (counts[at] ?? 1),
    )
  }
  const step = Math.fround(Math.max(...levels.map(Math.abs), 1e-6) / 127)
  const inSteps = levels.map((level) => Math.max(-127, Math.min(127, Math.round(level / step))))
  const entries: [number, number][] = []
  for (const [feature, weight] of weights.entries())
    if (weight !== 0) entries.push([feature, nearest(levels, weight)])
  return { step, levels: inSteps, entries }
}

function nearest(levels: readonly number[], weight: number): number {
  let best = 0
  for (const [at, level] of levels.entries())
    if (Math.abs(level - weight) < Math.abs((levels[best] ?? 0) - weight)) best = at
  return best
}

function writeEntries(entries: Quantised['entries'], bits: BitWriter): void {
  const mean = (entries.at(-1)?.[0] ?? 0) / Math.max(1, entries.length)
  const k = Math.max(0, Math.round(Math.log2(Math.max(1, mean * 0.69))))
  bits.write(k, 5)
  let last = 0
  for (const [feature, level] of entries) {
    const distance = feature - last
    last = feature
    for (let left = distance >>> k; left > 0; left -= 1) bits.write(1, 1)
    bits.write(0, 1)
    bits.write(distance & (2 ** k - 1), k)
    bits.write(level, 4)
  }
}

/** Writes numbers of any number of bits, the highest bit first. */
class BitWriter {
  readonly #bytes: number[] = []
  #open = 0
  #held = 0

  write(value: number, bits: number): void {
    for (let at = bits - 1; at >= 0; at -= 1) {
      this.#open = ((this.#open << 1) | ((value >> at) & 1)) & 0xff
      this.#held += 1
      if (this.#held === 8) {
        this.#bytes.push(this.#open)
        this.#open = 0
        this.#held = 0
      }
    }
  }

  /** All that was written, with zeros up to the end of the last byte. */
  bytes(): Uint8Array {
    const rest = this.#held === 0 ? [] : [this.#open << (8 - this.#held)]
    return Uint8Array.from([...this.#bytes, ...rest])
  }
}
