/*
 * `npm run package-check`: every public package as a user gets it: packed, looked through, installed
 * in a clean folder and imported on each Node line. `--report FILE` also writes the counts as JSON.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { captureNx } from '../setup/run-nx.mjs'
import { commandProblems, commandsOf, importProblems, installTarballs, NODES } from './clean-install.ts'
import { coreDependencyProblems, coreSizeProblems } from './core-checks.ts'
import { pack, type PackedPackage, publicPackages } from './packed-package.ts'
import { Results } from './results.ts'
import {
  fileListProblems,
  inlinedCoreProblems,
  manifestProblems,
  packedSizeProblems,
  publintProblems,
  typesProblems,
} from './tarball-checks.ts'

const CORE = '@openmux/core'
const MODEL = '@openmux/model-nano'

const { values } = parseArgs({ options: { report: { type: 'string' } } })
const temp = mkdtempSync(join(tmpdir(), 'openmux-package-check-'))
const results = new Results()
try {
  if (await results.check('the build is fresh', freshBuild)) await checkPackages()
} finally {
  rmSync(temp, { recursive: true, force: true })
}
const { passed, failures } = results.outcome
console.log(`package check: ${passed} passed, ${failures.length} failed`)
if (values.report !== undefined) results.writeTo(values.report)
process.exitCode = failures.length === 0 ? 0 : 1

/** nx builds what has changed, and puts back what no longer is what it built. */
async function freshBuild(): Promise<string[]> {
  const { code, output } = await captureNx(['run-many', '--targets=build'])
  return code === 0 ? [] : [`the build failed: ${output}`]
}

async function checkPackages(): Promise<void> {
  const packed: PackedPackage[] = []
  for (const one of publicPackages()) {
    await results.check(`${one.manifest.name} packs`, async () => {
      packed.push(await pack(one, temp))
      return []
    })
  }
  for (const one of packed) await checkTarball(one)

  const folder = join(temp, 'a-user')
  const installed = await results.check('all tarballs install together in a clean folder', () =>
    installTarballs(packed, folder),
  )
  if (installed) for (const one of packed) await checkInstalled(one, folder)
}

async function checkTarball(one: PackedPackage): Promise<void> {
  await results.check(`${one.name} holds what it should and no more`, () => fileListProblems(one))
  await results.check(`${one.name} has a manifest fit for users`, () => manifestProblems(one))
  await results.check(`${one.name} satisfies publint`, () => publintProblems(one))
  await results.check(`${one.name} has types that resolve (attw)`, () => typesProblems(one))
  if (one.name === MODEL) await results.check(`${one.name} is small`, () => packedSizeProblems(one))
  if (one.name === CORE) {
    await results.check(`${one.name} has few dependencies`, () => coreDependencyProblems(one))
  } else {
    await results.check(`${one.name} imports core rather than holding a copy`, () => inlinedCoreProblems(one))
  }
}

async function checkInstalled(one: PackedPackage, folder: string): Promise<void> {
  for (const { line, node } of NODES) {
    await results.check(`${one.name} imports on Node ${line}`, () => importProblems(one, folder, node))
    if (Object.keys(commandsOf(one)).length > 0) {
      await results.check(`${one.name} --help runs on Node ${line}`, () => commandProblems(one, folder, node))
    }
  }
  if (one.name === CORE) {
    await results.check(`${one.name} is small and runs without Node`, () => coreSizeProblems(one, folder))
  }
}
