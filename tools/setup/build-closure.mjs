// @ts-check
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { filesBelow } from './stamp.mjs'
import { readJson, root } from './workspace.mjs'

/** @typedef {{ folder: string, manifest: any }} WorkspacePackage */

/** @returns {Map<string, WorkspacePackage>} our packages by name */
export function workspacePackages() {
  const packages = join(root, 'packages')
  const found = readdirSync(packages)
    .map((name) => join(packages, name))
    .filter((folder) => existsSync(join(folder, 'package.json')))
    .map((folder) => ({ folder, manifest: readJson(join(folder, 'package.json')) }))
  return new Map(found.map((one) => [one.manifest.name, one]))
}

/**
 * A package and everything of ours that it needs when it runs. What only its tests need stays out.
 * @param {string} name
 * @returns {WorkspacePackage[]}
 */
export function buildClosure(name) {
  const all = workspacePackages()
  /** @type {Map<string, WorkspacePackage>} */
  const closure = new Map()
  const waiting = [name]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const found = all.get(next)
    if (found === undefined || closure.has(next)) continue
    closure.set(next, found)
    const { dependencies, peerDependencies, optionalDependencies } = found.manifest
    waiting.push(...Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }))
  }
  return [...closure.values()]
}

/**
 * Every file a build of these packages reads, and every file it wrote: if none of them has
 * changed since the last build, there is nothing to do.
 * @param {readonly WorkspacePackage[]} packages
 */
export function buildFiles(packages) {
  const shared = ['package.json', 'pnpm-lock.yaml', 'nx.json', 'tsconfig.base.json'].map((name) =>
    join(root, name),
  )
  const inputs = packages.flatMap(({ folder }) => [
    ...['package.json', 'tsconfig.json', 'tsconfig.build.json', 'tsup.config.ts'].map((name) =>
      join(folder, name),
    ),
    ...['src', 'assets', 'dist'].flatMap((name) => filesBelow(join(folder, name))),
  ])
  return [...shared, ...filesBelow(join(root, 'tools', 'build')), ...inputs]
}
