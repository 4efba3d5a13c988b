// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { withSetupLock } from './lock.mjs'
import { progress, SetupError } from './progress.mjs'
import { run } from './run.mjs'
import { contentDigest, readStamp, writeStamp } from './stamp.mjs'
import { pnpmVersion, readJson, root, workspaceNode, workspacePnpm } from './workspace.mjs'

/**
 * Installs what the lockfile names, the workspace's own Node and pnpm among it, unless that is
 * already there. Safe to call at any time and by several processes.
 */
export async function ensureWorkspace() {
  if (isInstalled()) return
  await withSetupLock(async () => {
    if (isInstalled()) return
    const digest = installDigest()
    const started = Date.now()
    progress(`installing packages with pnpm ${pnpmVersion()}; the first time fetches them`)
    const code = await install()
    if (code !== 0) throw new SetupError(failure(code))
    if (!existsSync(workspaceNode)) throw new SetupError(`the install brought no Node at ${workspaceNode}`)
    writeStamp('installed', digest)
    progress(`packages installed in ${((Date.now() - started) / 1000).toFixed(1)} s`)
  })
}

function isInstalled() {
  return existsSync(workspaceNode) && readStamp('installed') === installDigest()
}

/** What an install depends on: the lockfile, the workspace's settings and every manifest. */
function installDigest() {
  const manifests = ['packages', 'tools']
    .flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => join(root, folder, name, 'package.json')),
    )
    .filter((file) => existsSync(file))
    .sort()
  const shared = ['package.json', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc']
  return contentDigest([
    ...shared.map((name) => join(root, name)).filter((file) => existsSync(file)),
    ...manifests,
  ])
}

function install() {
  const args = [
    'install',
    '--frozen-lockfile',
    // Packages run on the Node that comes with them, not on the one that runs this.
    `--config.node-version=${readJson(join(root, 'package.json')).devDependencies.node}`,
    '--config.confirm-modules-purge=false',
  ]
  const options = { stdoutToStderr: true, env: process.env }
  if (existsSync(workspacePnpm) && installedPnpmVersion() === pnpmVersion()) {
    return run(workspacePnpm, args, options)
  }
  return run('npx', ['--yes', `pnpm@${pnpmVersion()}`, ...args], options)
}

function installedPnpmVersion() {
  return readJson(join(root, 'node_modules', 'pnpm', 'package.json')).version
}

/** @param {number} code */
function failure(code) {
  const pnpm = `npx --yes pnpm@${pnpmVersion()}`
  return [
    `the install failed (exit code ${code}); the reason stands above.`,
    `  If it speaks of the network or the registry: check both, then run the same command again.`,
    `  If it speaks of an outdated lockfile: run  ${pnpm} install  and commit pnpm-lock.yaml.`,
    `  If nothing else helps: remove node_modules and run the same command again.`,
  ].join('\n')
}
