// @ts-check
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { buildClosure, buildFiles } from './build-closure.mjs'
import { withSetupLock } from './lock.mjs'
import { progress, SetupError } from './progress.mjs'
import { captureNx } from './run-nx.mjs'
import { readStamp, statDigest, writeStamp } from './stamp.mjs'

/**
 * Builds a package and what it needs, unless nothing has changed since that was last done; then
 * not even nx is started.
 * @param {string} name
 */
export async function ensureBuilt(name) {
  const packages = buildClosure(name)
  if (packages.length === 0) throw new SetupError(`this workspace has no package named ${name}`)
  if (isBuilt(packages)) return
  await withSetupLock(async () => {
    if (isBuilt(packages)) return
    const started = Date.now()
    progress(`building ${name} and what it needs (${packages.length} packages)`)
    const names = packages.map(({ manifest }) => manifest.name).join(',')
    // Without "exclude", nx also builds what is only there for tests.
    const { code, output } = await captureNx([
      'run-many',
      '--targets=build',
      `--projects=${names}`,
      '--excludeTaskDependencies',
    ])
    if (code !== 0) {
      process.stderr.write(output)
      throw new SetupError(`the build of ${name} failed (exit code ${code}); its output is above`)
    }
    writeStamp('built', statDigest(buildFiles(packages)))
    progress(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  })
}

/** @param {readonly import('./build-closure.mjs').WorkspacePackage[]} packages */
function isBuilt(packages) {
  return (
    packages.every(({ folder }) => existsSync(join(folder, 'dist'))) &&
    readStamp('built') === statDigest(buildFiles(packages))
  )
}
