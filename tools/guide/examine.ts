import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../setup/workspace.mjs'
import { openGuide } from './examine/ask-guide.ts'
import { examine, knownAnswers } from './examine/examine.ts'
import { withMeasured } from '../build/measured-page.ts'
import { PAGE } from './examine/page.ts'
import { HELD_OUT, readExamination, REHEARSAL } from './examine/questions.ts'
import { mistakesOf, reportOf } from './examine/report.ts'

/**
 * Asks the guide every question of the examination and prints how many it got right; `--write` puts that into its page.
 * `--rehearse` asks those of the rehearsal instead, and prints also what it got wrong.
 */
const { values } = parseArgs({
  options: {
    model: {
      type: 'string',
      default: join(root, 'packages/model-nano/model'),
    },
    rehearse: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
})

const guide = openGuide(values.model)
const questions = readExamination(values.rehearse ? REHEARSAL : HELD_OUT)
const results = await examine(guide.ask, questions, knownAnswers())
const report = reportOf(results)
await guide.close()
console.log(report)
if (values.rehearse) console.log(`\n${mistakesOf(results)}`)

if (values.write && !values.rehearse) writeFileSync(PAGE, withMeasured(readFileSync(PAGE, 'utf8'), report))
