/*
 * Prints the `npm deprecate` line of every package that is deprecated or disabled, for the versions in the
 * manifests: run it after the release that carries the stage. `--clear <package>` prints the line that takes it back,
 * after the release that re-enables it. Prints only; a person or a release job runs what it prints.
 */
import { parseArgs } from 'node:util'
import { checkedPackages } from './check-manifests.ts'
import { findPackage } from './find-package.ts'
import { clearLine } from './npm-deprecate.ts'
import { registryLines } from './registry-section.ts'

const { values } = parseArgs({ options: { clear: { type: 'string' } } })
const packages = checkedPackages()
if (values.clear === undefined) {
  const lines = registryLines(packages)
  for (const line of lines) console.log(line)
  if (lines.length === 0) console.error('No package is deprecated or disabled.')
} else {
  const { manifest, openmux } = findPackage(values.clear, packages)
  const { stage } = openmux.lifecycle
  if (stage === 'deprecated' || stage === 'disabled') {
    console.error(`${manifest.name} is still ${stage}: node tools/lifecycle/stage.ts ${values.clear} active`)
    process.exitCode = 1
  } else console.log(clearLine(manifest))
}
