import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { version } from '../version.js'

/** Versions of packages by name, in the order of their names; a package that cannot be found is left out. */
export function packageVersions(names: readonly string[]): Readonly<Record<string, string>> {
  const all = [...new Set(['openmux', '@openmux/core', ...names])].toSorted()
  return Object.fromEntries(
    all.flatMap((name) => {
      const found = name === 'openmux' ? version() : versionOf(name)
      return found === undefined ? [] : [[name, found]]
    }),
  )
}

function versionOf(name: string): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve(`${name}/package.json`)
    const manifest: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return typeof manifest === 'object' &&
      manifest !== null &&
      'version' in manifest &&
      typeof manifest.version === 'string'
      ? manifest.version
      : undefined
  } catch {
    return undefined
  }
}
