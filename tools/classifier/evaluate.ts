/**
 * Measures the task classifier on the requests that training never sees, beside the rules. Prints all numbers and no
 * request; with `--write` they go into docs/classification.md, with what it got wrong; with `--check` it fails when
 * that page tells others. Build core before: what is measured is what ships.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measuredIn, withMeasured } from '../build/measured-page.ts'
import { PAGE, reportOfTestSet } from './page.ts'
import { tablesOf } from './report.ts'

const { values } = parseArgs({ options: { write: { type: 'boolean' }, check: { type: 'boolean' } } })
const { trained, rules, report } = reportOfTestSet()
console.log(tablesOf(trained, rules))
const page = readFileSync(PAGE, 'utf8')
if (values.write === true) writeFileSync(PAGE, withMeasured(page, report))
else if (measuredIn(page) !== report) {
  console.error('docs/classification.md tells other numbers: node tools/classifier/evaluate.ts --write')
  if (values.check === true) process.exitCode = 1
}
