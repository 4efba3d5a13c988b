import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { workspacePackages } from '../setup/build-closure.mjs'
import { readJson } from '../setup/workspace.mjs'

/** A package of somebody else, as it is installed here. */
export interface ThirdParty {
  readonly name: string
  readonly version: string
  readonly folder: string
}

interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** Everything of others that a user of these packages of ours gets installed: the registry must have it. */
export function thirdPartyOf(names: readonly string[]): readonly ThirdParty[] {
  const ours = workspacePackages()
  const found = new Map<string, ThirdParty>()
  const seen = new Set<string>()
  const waiting = names.map((name) => folderOfOurs(name))
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (seen.has(folder)) continue
    seen.add(folder)
    const { name, version, dependencies, peerDependencies } = readJson(
      join(folder, 'package.json'),
    ) as Manifest
    if (!ours.has(name)) found.set(`${name}@${version}`, { name, version, folder })
    const needed = Object.keys({ ...dependencies, ...(ours.has(name) ? peerDependencies : {}) })
    for (const one of needed) waiting.push(ours.has(one) ? folderOfOurs(one) : installedFolder(one, folder))
  }
  return [...found.values()]

  function folderOfOurs(name: string): string {
    const one = ours.get(name)
    if (one === undefined) throw new Error(`this workspace has no package named ${name}`)
    return one.folder
  }
}

/** Where a package finds another: as Node looks for it, without asking its `exports` for leave. */
function installedFolder(name: string, from: string): string {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name) ?? []
  for (const place of places) {
    try {
      return dirname(realpathSync(join(place, name, 'package.json')))
    } catch {
      // Not here: the next folder up.
    }
  }
  throw new Error(`${name}, which ${from} needs, is not installed`)
}
