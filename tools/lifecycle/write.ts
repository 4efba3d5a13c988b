/*
 * Writes what is made from the manifests: the tables of docs/providers.md and the section in the README of every
 * provider package. Needs the packages built. `--check` writes nothing and fails where a text is not up to date.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { generatedTexts } from './generated-texts.ts'
import { root } from './provider-packages.ts'

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } })
const stale = (await generatedTexts()).filter(({ is, wanted }) => is !== wanted)
for (const { path, wanted } of stale) {
  if (values.check) console.error(`${path} is not up to date: node tools/lifecycle/write.ts`)
  else {
    writeFileSync(join(root, path), wanted)
    console.log(`written: ${path}`)
  }
}
if (stale.length === 0) console.log('Everything made from the manifests is up to date.')
process.exitCode = values.check && stale.length > 0 ? 1 : 0
