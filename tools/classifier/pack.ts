import type { Model } from './learn.ts'

/** Bytes of a model in the form that `packages/core/src/classify/weights.ts` unpacks, as base64. */
export function packModel(model: Model): string {
  const code = quantise(model.code)
  const embeddings = quantise(model.embeddings)
  const entries = [...entriesOf(code.steps), ...entriesOf(embeddings.steps)]
  const bytes = new Uint8Array(32 + entries.length)
  bytes.set([0x4f, 0x4d, 0x43, 0x01])
  bytes.set(entries, 32)
  const view = new DataView(bytes.buffer)
  view.setFloat32(8, code.step, true)
  view.setFloat32(12, embeddings.step, true)
  view.setFloat32(16, model.codeBias, true)
  view.setFloat32(20, model.embeddingsBias, true)
  view.setUint32(24, code.steps.length, true)
  view.setUint32(28, embeddings.steps.length, true)
  let sum = 0x811c9dc5
  for (const byte of bytes.subarray(8)) sum = Math.imul(sum ^ byte, 0x01000193)
  view.setUint32(4, sum >>> 0, true)
  return Buffer.from(bytes).toString('base64')
}

interface Quantised {
  readonly step: number
  /** Features in rising order with their weight in steps, from -127 to 127. */
  readonly steps: readonly (readonly [feature: number, steps: number])[]
}

/** Weights in steps of one size: the few largest are cut, so that the small ones keep their differences. */
function quantise(weights: Float32Array): Quantised {
  const sizes = weights.filter((weight) => weight !== 0).map(Math.abs).toSorted()
  const largest = sizes[Math.floor(sizes.length * 0.999)] ?? 1
  const step = Math.fround(largest / 127)
  const steps: [number, number][] = []
  for (const [feature, weight] of weights.entries()) {
    const rounded = Math.max(-127, Math.min(127, Math.round(weight / step)))
    if (rounded !== 0) steps.push([feature, rounded])
  }
  return { step, steps }
}

function entriesOf(steps: Quantised['steps']): number[] {
  const bytes: number[] = []
  let last = 0
  for (const [feature, weight] of steps) {
    let distance = feature - last
    last = feature
    while (distance > 0x7f) {
      bytes.push((distance & 0x7f) | 0x80)
      distance >>>= 7
    }
    bytes.push(distance, weight & 0xff)
  }
  return bytes
}
