import { isBuiltin } from 'node:module'
import type { Violation } from './violation.ts'
import { type CheckedWorkspace, isBare, packageNameOf } from './workspace.ts'

/**
 * Every package that is imported is declared. Source files need it among what users install with
 * us; tests may also use the package's dev dependencies and the workspace's.
 */
export function declaredImports({ manifest: root, packages }: CheckedWorkspace): Violation[] {
  return packages.flatMap(({ folder, manifest, files }) => {
    const { name, dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
    const forUsers = new Set(Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }))
    const forUs = new Set([...forUsers, ...Object.keys({ ...devDependencies, ...root.devDependencies })])
    return files.flatMap(({ shownPath, role, imports }) =>
      imports.flatMap(({ specifier, line }): Violation[] => {
        if (!isBare(specifier) || isBuiltin(specifier)) return []
        const imported = packageNameOf(specifier)
        if (imported === name || (role === 'source' ? forUsers : forUs).has(imported)) return []
        const section = role === 'source' ? 'dependencies or peerDependencies' : 'devDependencies'
        const message = `imports ${imported}, which packages/${folder}/package.json does not name in its ${section}`
        return [{ rule: 'declared-imports', where: `${shownPath}:${line}`, message }]
      }),
    )
  })
}
