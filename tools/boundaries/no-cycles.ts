import type { Violation } from './violation.ts'
import type { CheckedWorkspace, Manifest } from './workspace.ts'

/** No package depends on itself by way of others, not even for its tests: nx could not order them. */
export function noCycles({ packages }: CheckedWorkspace): Violation[] {
  const edges = new Map(packages.map(({ manifest }) => [manifest.name, dependencyNames(manifest)]))
  const finished = new Set<string>()
  const violations: Violation[] = []

  const visit = (name: string, path: readonly string[]): void => {
    const start = path.indexOf(name)
    if (start >= 0) {
      const cycle = [...path.slice(start), name].join(' → ')
      violations.push({ rule: 'no-cycles', where: 'packages', message: `a cycle of dependencies: ${cycle}` })
      return
    }
    if (finished.has(name)) return
    for (const next of edges.get(name) ?? []) if (edges.has(next)) visit(next, [...path, name])
    finished.add(name)
  }
  for (const name of edges.keys()) visit(name, [])
  return violations
}

function dependencyNames(manifest: Manifest): string[] {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies, ...devDependencies })
}
