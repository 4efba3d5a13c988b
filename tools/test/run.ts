/* Every check and test of the repository, in one run: what `npm test` starts once all is installed. */
import { join } from 'node:path'
import { readProjects } from '../affected/projects.ts'
import { root } from '../setup/workspace.mjs'
import { boundariesCheck, formatCheck, lifecycleCheck, lintCheck, toolsTypesCheck } from './cheap-checks.ts'
import { cleanTreeStep, treeState } from './clean-tree-step.ts'
import { nxStep } from './nx-step.ts'
import { oneSkipped } from './outcome.ts'
import { packageCheckStep } from './package-check-step.ts'
import { isCI, realPartsStep } from './real-parts-step.ts'
import { Session } from './session.ts'
import { supportMatrixStep } from './support-matrix-step.ts'
import { vitestStep } from './vitest-step.ts'

const session = new Session()
const treeBefore = await treeState()

await session.step('format', formatCheck)
await session.step('boundaries', boundariesCheck)
await session.step('lifecycle manifests', lifecycleCheck)
const build = await session.step('build', () => nxStep('build'))
// After the build: it reads types across packages, and without their declarations all of them would be `any`.
await session.step('lint', () => lintCheck())
await session.step('types of the packages', () => nxStep('typecheck'))
await session.step('types of the tools', toolsTypesCheck)
await session.step('real parts', realPartsStep)
for (const folder of testFolders()) {
  await session.step(`tests of ${folder}`, () => vitestStep(join(root, folder)))
}
await session.step('support matrix', () => supportMatrixStep())
await session.step('packages as users get them', async () =>
  build.failures.length === 0
    ? packageCheckStep()
    : oneSkipped('packages as users get them – the build failed'),
)
if (isCI()) await session.step('a clean working tree', () => cleanTreeStep(treeBefore))
session.finish()

/** The packages, the tools that are projects with tests, and the other tools. */
function testFolders(): string[] {
  const projects = readProjects(root).filter(
    ({ folder, targets }) => folder.startsWith('packages/') || targets.includes('test'),
  )
  return [...projects.map(({ folder }) => folder), 'tools']
}
