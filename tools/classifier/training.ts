import { FEATURE_SPACE } from '@openmux/core/classify'
import { type ExampleSources, makeExamples } from './examples.ts'
import { learn, type Model, type Sample } from './learn.ts'
import { packModel } from './pack.ts'
import { Random } from './random.ts'
import { samplesOf } from './samples.ts'
import { EXAMPLES, KEPT_FOR_CODE, KEPT_FOR_EMBEDDINGS, ROUNDS } from './settings.ts'

/** Trains and packs weights. The same seed and sources give the same weights. */
export function trainWeights(seed: number, sources: ExampleSources, say: (what: string) => void): string {
  const random = new Random(seed)
  const draw = (): Sample[] => samplesOf(makeExamples(EXAMPLES, random, sources))

  // First everything may have a weight; what mattered then is chosen.
  const first = draw()
  say(`${EXAMPLES} requests made`)
  const wide = learn(first, FEATURE_SPACE, 2, { rate: 0.5, l1: 0.01, l2: 0.02, beta: 0.02 }, random)
  say(`${nonZero(wide.code)} + ${nonZero(wide.embeddings)} weights before the choice`)
  const frequency = frequencies(first)
  const allowed = [
    strongest(wide.code, frequency, KEPT_FOR_CODE),
    strongest(wide.embeddings, frequency, KEPT_FOR_EMBEDDINGS),
  ] as const

  // Only that learns again, without being drawn to nothing, from other requests each time; chance averages out.
  const models: Model[] = []
  for (let round = 1; round <= ROUNDS; round += 1) {
    const samples = (round === 1 ? first : draw()).map((sample) => narrowed(sample, allowed))
    models.push(learn(samples, FEATURE_SPACE, 4, { rate: 0.5, l1: 0, l2: 0.02, beta: 0.02 }, random, allowed))
    say(`round ${round} of ${ROUNDS}`)
  }
  return packModel(average(models))
}

/** A sample without the features that may have no weight: the same to learn from, and sooner read. */
function narrowed(
  { features, values, label }: Sample,
  [forCode, forEmbeddings]: readonly [Uint8Array, Uint8Array],
): Sample {
  const kept = [...features.keys()].filter((at) => {
    const feature = features[at] ?? 0
    return forCode[feature] === 1 || forEmbeddings[feature] === 1
  })
  return {
    features: Uint32Array.from(kept, (at) => features[at] ?? 0),
    values: Float32Array.from(kept, (at) => values[at] ?? 0),
    label,
  }
}

function average(all: readonly Model[]): Model {
  const mean = (of: (model: Model) => number): number =>
    all.reduce((sum, model) => sum + of(model), 0) / all.length
  return {
    code: new Float32Array(FEATURE_SPACE).map((_, at) => mean(({ code }) => code[at] ?? 0)),
    embeddings: new Float32Array(FEATURE_SPACE).map((_, at) => mean(({ embeddings }) => embeddings[at] ?? 0)),
    codeBias: mean(({ codeBias }) => codeBias),
    embeddingsBias: mean(({ embeddingsBias }) => embeddingsBias),
  }
}

function nonZero(weights: Float32Array): number {
  return weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0)
}

/** How much each feature counts in all samples together. */
function frequencies(all: readonly Sample[]): Float32Array {
  const sums = new Float32Array(FEATURE_SPACE)
  for (const sample of all)
    for (const [at, feature] of sample.features.entries())
      sums[feature] = (sums[feature] ?? 0) + (sample.values[at] ?? 0)
  return sums
}

/** Marks the features that move the most: large weights that are met often. */
function strongest(weights: Float32Array, frequency: Float32Array, most: number): Uint8Array {
  const moves = weights.map((weight, feature) => Math.abs(weight) * Math.sqrt(frequency[feature] ?? 0))
  const least =
    moves
      .filter((move) => move > 0)
      .toSorted()
      .at(-most) ?? 0
  return Uint8Array.from(moves, (move) => (move > 0 && move >= least ? 1 : 0))
}
