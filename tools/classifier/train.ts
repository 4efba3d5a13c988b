/**
 * Trains the task classifier and writes its weights into packages/core/src/classify/trained-weights.ts:
 * `node tools/classifier/train.ts [--seed 6] [--examples 180000]`. The same seed gives the same weights.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type CoreSource, loadCoreSource } from './core-source.ts'
import { type Example, makeExamples } from './examples.ts'
import { learn, type Model, type Sample } from './learn.ts'
import { packModel } from './pack.ts'
import { Random } from './random.ts'
import { EXAMPLES, SEED } from './settings.ts'

const WEIGHTS_FILE = new URL('../../packages/core/src/classify/trained-weights.ts', import.meta.url)
/** Features kept for each output: what fits into 60 kB. */
const KEPT_FOR_CODE = 13_400
const KEPT_FOR_EMBEDDINGS = 1_200
const LABELS = { chat: 0, code: 1, embeddings: 2 } as const

const { values } = parseArgs({
  options: { seed: { type: 'string', default: String(SEED) }, examples: { type: 'string', default: String(EXAMPLES) }, out: { type: 'string' } },
})
const started = Date.now()
const core = await loadCoreSource()
const random = new Random(Number(values.seed))
const examples = makeExamples(Number(values.examples), random)
const samples = examples.map((example) => sampleOf(example, core))
say(`${examples.length} examples, ${new Set(examples.map(({ text }) => text)).size} different`)

// First everything may have a weight; then only what mattered learns again, without being drawn to nothing.
const wide = learn(samples, core.FEATURE_SPACE, 2, { rate: 0.5, l1: 0.05, l2: 0.02 }, random)
say(`${nonZero(wide.code)} + ${nonZero(wide.embeddings)} weights before the choice`)
const frequency = frequencies(samples, core.FEATURE_SPACE)
const allowed = [
  strongest(wide.code, frequency, KEPT_FOR_CODE),
  strongest(wide.embeddings, frequency, KEPT_FOR_EMBEDDINGS),
] as const
const model: Model = learn(samples, core.FEATURE_SPACE, 4, { rate: 0.5, l1: 0, l2: 0.02 }, random, allowed)
const packed = packModel(model)
writeFileSync(
  values.out ?? WEIGHTS_FILE,
  `/** Packed by \`tools/classifier/train.ts\` (seed ${values.seed}): see \`docs/classification.md\`. */\nexport const WEIGHTS =\n  '${packed}'\n`,
)
say(`${packed.length} characters of weights written`)

function sampleOf({ text, task, afterCode }: Example, { FeatureList, segmentsOf, featureValue, AFTER_CODE }: CoreSource): Sample {
  const found = new Map<number, number>()
  const list = new FeatureList()
  for (const segment of segmentsOf(text)) {
    list.read(segment.text)
    const value = featureValue(segment.share, list.count)
    for (const feature of new Set(list.hashes.subarray(0, list.count)))
      found.set(feature, (found.get(feature) ?? 0) + value)
  }
  if (afterCode) found.set(AFTER_CODE, 1)
  return { features: Uint32Array.from(found.keys()), values: Float32Array.from(found.values()), label: LABELS[task] }
}

function nonZero(weights: Float32Array): number {
  return weights.reduce((count, weight) => count + (weight === 0 ? 0 : 1), 0)
}

function frequencies(all: readonly Sample[], space: number): Float32Array {
  const sums = new Float32Array(space)
  for (const { features, values } of all)
    for (const [at, feature] of features.entries()) sums[feature] = (sums[feature] ?? 0) + (values[at] ?? 0)
  return sums
}

/** Marks the features that move the most: large weights that are met often. */
function strongest(weights: Float32Array, frequency: Float32Array, most: number): Uint8Array {
  const moves = weights.map((weight, feature) => Math.abs(weight) * Math.sqrt(frequency[feature] ?? 0))
  const least = moves.filter((move) => move > 0).toSorted().at(-most) ?? 0
  return Uint8Array.from(moves, (move) => (move > 0 && move >= least ? 1 : 0))
}

function say(text: string): void {
  console.error(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${text}`)
}
