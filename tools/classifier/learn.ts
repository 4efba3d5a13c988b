import type { Random } from './random.ts'

/** An example as numbers: its features with their values, and its class: 0 chat, 1 code, 2 embeddings. */
export interface Sample {
  readonly features: Uint32Array
  readonly values: Float32Array
  readonly label: 0 | 1 | 2
}

/** A linear model with two outputs against chat. */
export interface Model {
  readonly code: Float32Array
  readonly embeddings: Float32Array
  codeBias: number
  embeddingsBias: number
}

/** How strongly unneeded weights are drawn to nothing (`l1`) and large ones made smaller (`l2`). */
export interface Restraint {
  readonly rate: number
  readonly l1: number
  readonly l2: number
  /** The smaller, the faster features learn that are seldom met. */
  readonly beta: number
}

/**
 * Learns by FTRL-proximal (McMahan et al., "Ad Click Prediction", 2013): stochastic gradients with a rate of its
 * own for each weight, that leaves exactly nothing of the weights nobody needs.
 * `allowed` names the features that may have weights, for each output; all when left out.
 */
export function learn(
  samples: readonly Sample[],
  space: number,
  epochs: number,
  restraint: Restraint,
  random: Random,
  allowed?: readonly [code: Uint8Array, embeddings: Uint8Array],
): Model {
  const outputs = [outputOf(space), outputOf(space)] as const
  const biases: [number, number] = [-0.3, -3]
  const order = Uint32Array.from(samples, (_, at) => at)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random)
    for (const at of order) {
      const sample = samples[at]
      if (sample !== undefined) step(sample)
    }
  }
  const [code, embeddings] = outputs.map((output) => {
    const weights = new Float32Array(space)
    for (let feature = 0; feature < space; feature += 1)
      if (output.squares[feature] !== 0) weights[feature] = weightOf(output, feature)
    return weights
  })
  if (code === undefined || embeddings === undefined) throw new Error('a model has two outputs')
  return { code, embeddings, codeBias: biases[0], embeddingsBias: biases[1] }

  function step({ features, values, label }: Sample): void {
    const scores = outputs.map((output, which) => {
      let sum = biases[which] ?? 0
      for (let at = 0; at < features.length; at += 1) {
        const feature = features[at] ?? 0
        if (output.squares[feature] !== 0) sum += weightOf(output, feature) * (values[at] ?? 0)
      }
      return sum
    })
    const odds = scores.map((score) => Math.exp(Math.min(score, 30)))
    const all = 1 + (odds[0] ?? 0) + (odds[1] ?? 0)
    for (const [which, output] of outputs.entries()) {
      const error = (odds[which] ?? 0) / all - (label === which + 1 ? 1 : 0)
      if (Math.abs(error) < 1e-4) continue
      biases[which as 0 | 1] -= error * 0.01
      const permitted = allowed?.[which]
      for (let at = 0; at < features.length; at += 1) {
        const feature = features[at] ?? 0
        if (permitted !== undefined && permitted[feature] === 0) continue
        const gradient = error * (values[at] ?? 0)
        const before = output.squares[feature] ?? 0
        const after = before + gradient * gradient
        const sigma = (Math.sqrt(after) - Math.sqrt(before)) / restraint.rate
        output.sums[feature] = (output.sums[feature] ?? 0) + gradient - sigma * weightOf(output, feature)
        output.squares[feature] = after
      }
    }
  }

  function weightOf(output: Output, feature: number): number {
    const sum = output.sums[feature] ?? 0
    const size = Math.abs(sum)
    if (size <= restraint.l1) return 0
    const root = Math.sqrt(output.squares[feature] ?? 0)
    return (
      (-Math.sign(sum) * (size - restraint.l1)) / ((restraint.beta + root) / restraint.rate + restraint.l2)
    )
  }
}

interface Output {
  readonly sums: Float64Array
  readonly squares: Float64Array
}

function outputOf(space: number): Output {
  return { sums: new Float64Array(space), squares: new Float64Array(space) }
}

function shuffle(order: Uint32Array, random: Random): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1)
    const held = order[at] ?? 0
    order[at] = order[other] ?? 0
    order[other] = held
  }
}
