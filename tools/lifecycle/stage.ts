/*
 * Puts one package into another stage, and touches nothing of any other:
 *
 *   node tools/lifecycle/stage.ts provider-hf-remote deprecated \
 *     --reason 'Why.' --replacement @openmux/provider-x --notice 'What users read.' --next-review 2027-01-15
 *
 * Writes the manifest, the texts made from it and a changeset, after checking that the new manifest is right.
 * `--since` is today unless given. `--bump` is patch: a stage must reach everybody who has the package, and before
 * 1.0.0 nothing bigger does by itself.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Lifecycle } from '@openmux/core'
import { calendar } from './calendar.ts'
import { checkedPackages } from './check-manifests.ts'
import { findPackage } from './find-package.ts'
import { complaints, lifecycleSchema } from './manifest.ts'
import { root } from './provider-packages.ts'
import { review } from './reviews.ts'
import { type Bump, stageChangeset, withLifecycle } from './stage-change.ts'

const BUMPS: readonly string[] = ['patch', 'minor', 'major'] satisfies readonly Bump[]

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      since: { type: 'string' },
      reason: { type: 'string' },
      replacement: { type: 'string' },
      notice: { type: 'string' },
      'next-review': { type: 'string' },
      bump: { type: 'string', default: 'patch' },
    },
  })
  const [name = '', stage] = positionals
  const { folder, path, manifest, openmux } = findPackage(name, checkedPackages())
  const { bump, since, reason, replacement, notice, 'next-review': nextReview } = values
  if (!isBump(bump)) throw new Error(`--bump must be one of ${BUMPS.join(', ')}`)
  const known = await calendar()
  const told = { stage, since: since ?? known.today, reason, replacement, notice, nextReview }
  const wanted = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined))
  const faults = complaints(lifecycleSchema, wanted, 'lifecycle')
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const lifecycle = lifecycleSchema.parse(wanted)
  const { failures } = review('lifecycle', lifecycle, known)
  if (failures.length > 0) throw new Error(failures.join('\n'))

  const file = join(path, 'package.json')
  write(`packages/${folder}/package.json`, withLifecycle(readFileSync(file, 'utf8'), lifecycle))
  write(
    `.changeset/${folder}-${lifecycle.stage}-${lifecycle.since}.md`,
    stageChangeset(manifest.name, openmux.lifecycle, lifecycle, bump),
  )
  for (const { path: text, is, wanted: now } of await (await texts())()) if (is !== now) write(text, now)
  console.log(`Next: a commit, and the release. ${afterRelease(folder, openmux.lifecycle, lifecycle)}`)
}

function afterRelease(folder: string, before: Lifecycle, after: Lifecycle): string {
  const isTold = ({ stage }: Lifecycle): boolean => stage === 'deprecated' || stage === 'disabled'
  if (isTold(after)) return 'After it, for the registry: node tools/lifecycle/deprecate.ts'
  return isTold(before)
    ? `After it, if the older versions work again, too: node tools/lifecycle/deprecate.ts --clear ${folder}`
    : 'There is nothing to tell the registry.'
}

function isBump(text: string): text is Bump {
  return BUMPS.includes(text)
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text)
  console.log(`written: ${path}`)
}

/** Loaded late: they read the built packages, and the stage itself needs none. */
async function texts(): Promise<() => Promise<readonly { path: string; is: string; wanted: string }[]>> {
  try {
    return (await import('./generated-texts.ts')).generatedTexts
  } catch (error) {
    throw new Error('The packages are not built: npm run build, then node tools/lifecycle/write.ts', {
      cause: error,
    })
  }
}
