import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

const SOURCE = /\.[cm]?[jt]sx?$/
const LEFT_OUT = new Set(['node_modules', 'dist', 'assets', 'fixtures', 'coverage'])

/** What a file is for decides what it may import. */
export type FileRole = 'source' | 'test' | 'config'

export interface SourceFile {
  readonly path: string
  readonly role: FileRole
}

/** The source files below a folder; what is built, installed or fixture data stays out. */
export function sourceFiles(folder: string): SourceFile[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      return LEFT_OUT.has(entry.name) || entry.name.startsWith('.') ? [] : sourceFiles(path)
    }
    return SOURCE.test(entry.name) ? [{ path, role: 'source' as const }] : []
  })
}

/** The source files of a package, each with its role. */
export function packageFiles(folder: string): SourceFile[] {
  return sourceFiles(folder).map(({ path }) => ({ path, role: roleOf(relative(folder, path)) }))
}

function roleOf(path: string): FileRole {
  if (/\.test(?:-d)?\.[cm]?ts$/.test(path)) return 'test'
  const [top, ...below] = path.split(sep)
  if (top === 'src') return 'source'
  if (below.length === 0) return 'config'
  return 'test'
}
