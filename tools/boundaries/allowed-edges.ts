import { type BoundaryRules, TEST_ONLY } from './rules.ts'
import type { Violation } from './violation.ts'
import { type CheckedPackage, type CheckedWorkspace, isBare, packageNameOf } from './workspace.ts'

/** Every import of ours, and every dependency declared on ours, follows an arrow of the rules. */
export function allowedEdges({ packages }: CheckedWorkspace, rules: BoundaryRules): Violation[] {
  const folders = new Map(packages.map(({ manifest, folder }) => [manifest.name, folder]))
  return packages.flatMap((one) => {
    const rule = rules[one.folder]
    if (rule === undefined) {
      const where = `packages/${one.folder}`
      return [violation(where, 'is not in tools/boundaries/rules.ts: say there what it may import')]
    }
    const eager = new Set([one.folder, ...rule.mayImport])
    const lazy = new Set(rule.mayImportLazily)
    return [...importViolations(one, eager, lazy, folders), ...manifestViolations(one, eager, lazy, folders)]
  })
}

function importViolations(
  { folder, files }: CheckedPackage,
  eager: ReadonlySet<string>,
  lazy: ReadonlySet<string>,
  folders: ReadonlyMap<string, string>,
): Violation[] {
  return files.flatMap(({ shownPath, role, imports }) =>
    imports.flatMap(({ specifier, kind, line }) => {
      const target = isBare(specifier) ? folders.get(packageNameOf(specifier)) : undefined
      if (target === undefined || eager.has(target)) return []
      const where = `${shownPath}:${line}`
      if (lazy.has(target)) {
        return role === 'source' && kind === 'static'
          ? [violation(where, `${folder} may import ${target} only lazily: await import('${specifier}')`)]
          : []
      }
      if (role !== 'source' && TEST_ONLY.includes(target)) return []
      return [violation(where, `${folder} may not import ${target}`)]
    }),
  )
}

function manifestViolations(
  { folder, manifest }: CheckedPackage,
  eager: ReadonlySet<string>,
  lazy: ReadonlySet<string>,
  folders: ReadonlyMap<string, string>,
): Violation[] {
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  const declared = { ...dependencies, ...peerDependencies, ...optionalDependencies }
  const allowed = (name: string, more: readonly string[]): boolean => {
    const target = folders.get(name)
    return target === undefined || eager.has(target) || lazy.has(target) || more.includes(target)
  }
  const refused = [
    ...Object.keys(declared).filter((name) => !allowed(name, [])),
    ...Object.keys(devDependencies ?? {}).filter((name) => !allowed(name, TEST_ONLY)),
  ]
  const where = `packages/${folder}/package.json`
  return refused.map((name) => violation(where, `${folder} may not depend on ${name}`))
}

function violation(where: string, message: string): Violation {
  return { rule: 'allowed-edges', where, message }
}
