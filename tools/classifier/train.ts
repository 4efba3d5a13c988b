/**
 * `node tools/classifier/train.ts` trains the task classifier on all that is in `training/` and writes its weights
 * into core's source; build core after it. The same `--seed` gives the same weights. With `--tune` a sixth of the
 * requests written by hand is kept out, the weights are measured on it, and nothing is written.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createTextClassifier } from '@openmux/core/classify'
import { root } from '../setup/workspace.mjs'
import { heldOutOf } from './held-out.ts'
import { type Verdict, tally } from './report.ts'
import { messagesOf, readRequests, splitForTuning } from './requests.ts'
import { SEED } from './settings.ts'
import { trainWeights } from './training.ts'

const WEIGHTS_FILE = join(root, 'packages/core/src/classify/trained-weights.ts')

const { values } = parseArgs({
  options: { seed: { type: 'string', default: String(SEED) }, tune: { type: 'boolean', default: false } },
})
const started = Date.now()
const say = (what: string): void =>
  console.error(`${((Date.now() - started) / 1_000).toFixed(0).padStart(4)} s  ${what}`)

const all = readRequests('training/by-hand')
const { dev, rest } = splitForTuning(all)
const heldOut = values.tune ? dev : readRequests('test-set')
const packed = trainWeights(
  Number(values.seed),
  { byHand: values.tune ? rest : all, isHeldOut: heldOutOf(heldOut.map(({ text }) => text)) },
  say,
)
if (values.tune) {
  const classify = createTextClassifier(packed)
  const verdicts = dev.map((request) => ({ request, said: classify(messagesOf(request)).task }))
  for (const { request, said } of verdicts)
    if (said !== request.label)
      console.log(
        `${request.language} ${request.kind}: ${request.label}, said ${said}: ${JSON.stringify(request.text)}`,
      )
  show('all', verdicts)
  show(
    'English',
    verdicts.filter(({ request }) => request.language === 'en'),
  )
  for (const kind of new Set(dev.map((request) => request.kind)))
    show(
      kind,
      verdicts.filter(({ request }) => request.kind === kind),
    )
} else {
  writeFileSync(
    WEIGHTS_FILE,
    `/** Packed by \`tools/classifier/train.ts\` (seed ${values.seed}): see \`docs/classification.md\`. */\nexport const WEIGHTS =\n  '${packed}'\n`,
  )
  say(`${packed.length} characters of weights written`)
}

function show(what: string, verdicts: readonly Verdict[]): void {
  const { total, right, wrong, abstained } = tally(verdicts)
  console.log(
    `${what}: ${((right / total) * 100).toFixed(1)} % of ${total} (${wrong} wrong, ${abstained} don’t know)`,
  )
}
