import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Violation } from './violation.ts'
import type { CheckedFile, CheckedWorkspace } from './workspace.ts'

/**
 * No path leads from a file into a package other than its own: what a package does not export is
 * not there for others. A package's source leads nowhere outside at all, for nothing of that is
 * published; its tests and settings may use `tools/`.
 */
export function noRelativeEscape({ root, packages, tools }: CheckedWorkspace): Violation[] {
  const packagesFolder = join(root, 'packages')
  return [
    ...packages.flatMap(({ path, files }) => files.flatMap((file) => escapes(file, path, packagesFolder))),
    ...tools.flatMap((file) => escapes(file, undefined, packagesFolder)),
  ]
}

function escapes(file: CheckedFile, home: string | undefined, packagesFolder: string): Violation[] {
  return file.imports.flatMap(({ specifier, line }): Violation[] => {
    if (!specifier.startsWith('.')) return []
    const target = resolve(dirname(file.path), specifier)
    if (home !== undefined && isInside(target, home)) return []
    const where = `${file.shownPath}:${line}`
    if (isInside(target, packagesFolder)) {
      const [folder] = relative(packagesFolder, target).split(sep)
      const message = `leads by a path into packages/${folder}: import that package by its name`
      return [{ rule: 'no-relative-escape', where, message }]
    }
    if (home === undefined || file.role !== 'source') return []
    return [{ rule: 'no-relative-escape', where, message: `leads out of its package: ${specifier}` }]
  })
}

/** Whether a path is a folder, or lies in it. */
function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path)
  return !way.startsWith('..') && !isAbsolute(way)
}
