/*
 * `npm run affected -- [--base REF] [--explain]`: types, lint, build and tests of what the changes
 * since a base reach, and of nothing else. `--explain` only says what that is, and why.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { root } from '../setup/workspace.mjs'
import {
  boundariesCheck,
  formatCheck,
  lifecycleCheck,
  lintCheck,
  toolsTypesCheck,
} from '../test/cheap-checks.ts'
import { nxStep } from '../test/nx-step.ts'
import { realPartsStep, usesRealParts } from '../test/real-parts-step.ts'
import { Session } from '../test/session.ts'
import { supportMatrixStep } from '../test/support-matrix-step.ts'
import { vitestStep } from '../test/vitest-step.ts'
import { plan, type Plan } from './plan.ts'
import { printPlan } from './print-plan.ts'
import type { Target } from './projects.ts'

const { values } = parseArgs({
  options: { base: { type: 'string', default: 'main' }, explain: { type: 'boolean', default: false } },
})
const planned = await plan(root, values.base)
printPlan(planned, values.base)
if (!values.explain) await runPlan(planned)

async function runPlan({ projects, lint, tools }: Plan): Promise<void> {
  const session = new Session()
  const withTarget = (target: Target) => projects.filter(({ targets }) => targets.includes(target))
  const names = (target: Target) => withTarget(target).map(({ name }) => name)

  // These take a second for everything, and a change anywhere can break them.
  await session.step('format', formatCheck)
  await session.step('boundaries', boundariesCheck)
  await session.step('lifecycle manifests', lifecycleCheck)
  const toBuild = projectsToBuild(projects)
  if (toBuild !== 'none') await session.step('build', () => nxStep('build', toBuild === 'all' ? [] : toBuild))
  // After the build, whose declarations it reads.
  if (lint.length > 0) await session.step('lint', () => lintCheck(lint))
  if (names('typecheck').length > 0)
    await session.step('types', () => nxStep('typecheck', names('typecheck')))
  if (tools) await session.step('types of the tools', toolsTypesCheck)

  const testFolders = [...withTarget('test').map(({ folder }) => folder), ...(tools ? ['tools'] : [])]
  if (testFolders.some((folder) => usesRealParts(join(root, folder)))) {
    await session.step('real parts', realPartsStep)
  }
  for (const folder of testFolders) {
    await session.step(`tests of ${folder}`, () => vitestStep(join(root, folder)))
  }
  // It depends on every package that the matrix is about, so it is reached whenever one of them is.
  if (testFolders.includes('tools/lifecycle'))
    await session.step('support matrix', () => supportMatrixStep(testFolders))
  session.finish()
}

/**
 * A test runs against what is built, also where only the test has changed. A project that is not
 * built itself may test any package, so all are built for it: nx has most of that in its cache.
 */
function projectsToBuild(projects: Plan['projects']): readonly string[] | 'all' | 'none' {
  const tested = projects.filter(({ targets }) => targets.includes('test') || targets.includes('build'))
  if (tested.some(({ folder }) => folder.startsWith('tools/'))) return 'all'
  return tested.length === 0 ? 'none' : tested.map(({ name }) => name)
}
