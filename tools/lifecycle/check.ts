/*
 * The manifests of all provider packages: shape, dates, replacements. Needs nothing built. What is due for a look is
 * a warning; a look overdue by more than 30 days at the newest commit is a failure – by the clock with `--today`,
 * as a scheduled run wants it.
 */
import { parseArgs } from 'node:util'
import { calendar } from './calendar.ts'
import { checkManifests } from './check-manifests.ts'
import { providerPackages } from './provider-packages.ts'

const { values } = parseArgs({ options: { today: { type: 'boolean', default: false } } })
const known = await calendar()
const { failures, warnings } = checkManifests(values.today ? { ...known, asOf: known.today } : known)
for (const warning of warnings) console.log(`due: ${warning}`)
for (const failure of failures) console.error(failure)
if (failures.length === 0)
  console.log(`lifecycle: ${providerPackages().length} manifests are as they should be`)
process.exitCode = failures.length === 0 ? 0 : 1
