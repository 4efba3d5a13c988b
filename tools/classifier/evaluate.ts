/**
 * Measures the task classifier on the requests that training never sees, beside the rules:
 * `node tools/classifier/evaluate.ts` prints the tables; with `--write` they go into docs/classification.md;
 * with `--check` it fails when those are stale or a target is missed.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { loadCoreSource } from './core-source.ts'
import { type TextClassifier, type Verdict, reportOf } from './report.ts'
import { messagesOf, readRequests } from './requests.ts'

const PAGE = new URL('../../docs/classification.md', import.meta.url)
const MEASURED = /(?<=<!-- measured -->\n\n)[\s\S]*?(?=\n\n<!-- end -->)/

const { values } = parseArgs({ options: { write: { type: 'boolean' }, check: { type: 'boolean' } } })
const core = await loadCoreSource()
const requests = readRequests('test-set')
const verdictsOf = (classify: TextClassifier): Verdict[] =>
  requests.map((request) => ({ request, said: classify(messagesOf(request)).task }))
const report = reportOf(verdictsOf(core.classifyByTraining), verdictsOf(core.classifyText))
const page = values.write === true || values.check === true ? readFileSync(PAGE, 'utf8') : ''
if (values.write === true) writeFileSync(PAGE, page.replace(MEASURED, () => report))
else if (values.check === true) {
  const stale = MEASURED.exec(page)?.[0] !== report
  if (stale) console.error('docs/classification.md is stale: node tools/classifier/evaluate.ts --write')
  if (report.includes('not met')) console.error('a target is not met: node tools/classifier/evaluate.ts')
  if (stale || report.includes('not met')) process.exitCode = 1
} else console.log(report)
