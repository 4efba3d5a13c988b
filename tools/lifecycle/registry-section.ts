import type { CheckedPackage } from './check-manifests.ts'
import { deprecateLine } from './npm-deprecate.ts'

/** What the registry is to be told, as commands; a sentence when there is nothing to tell. */
export function registrySection(packages: readonly CheckedPackage[]): string {
  const lines = registryLines(packages)
  return lines.length === 0
    ? 'No package is deprecated or disabled, so there is nothing to tell the registry.'
    : ['```text', ...lines, '```'].join('\n')
}

/** One command for each package that is deprecated or disabled. */
export function registryLines(packages: readonly CheckedPackage[]): readonly string[] {
  return packages.flatMap(({ manifest, openmux }) => deprecateLine(manifest, openmux.lifecycle) ?? [])
}
