import type { CheckedPackage } from './check-manifests.ts'

/** A provider package by its name, its folder or its provider. Throws with the names there are. */
export function findPackage(name: string, packages: readonly CheckedPackage[]): CheckedPackage {
  const found = packages.find(({ folder, manifest, openmux }) =>
    [folder, manifest.name, openmux.provider].includes(name),
  )
  if (found !== undefined) return found
  throw new Error(
    `There is no provider package "${name}". There are: ${packages.map(({ folder }) => folder).join(', ')}.`,
  )
}
