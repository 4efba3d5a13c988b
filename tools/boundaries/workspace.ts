import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { packageFiles, type SourceFile, sourceFiles } from './source-files.ts'
import { parseFile, type ParsedFile } from './parsed-file.ts'

export interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

export interface CheckedFile extends SourceFile, ParsedFile {
  /** The path from the root, with `/`. */
  readonly shownPath: string
}

export interface CheckedPackage {
  /** The name of its folder below `packages/`. */
  readonly folder: string
  readonly path: string
  readonly manifest: Manifest
  readonly files: readonly CheckedFile[]
}

export interface CheckedWorkspace {
  readonly root: string
  readonly manifest: Manifest
  readonly packages: readonly CheckedPackage[]
  /** The scripts in `tools/`, which belong to no package. */
  readonly tools: readonly CheckedFile[]
}

export function readWorkspace(root: string): CheckedWorkspace {
  const checked = (file: SourceFile): CheckedFile => ({
    ...file,
    ...parseFile(file.path),
    shownPath: relative(root, file.path).split(sep).join('/'),
  })
  const packages = readdirSync(join(root, 'packages'))
    .toSorted()
    .map((folder) => ({ folder, path: join(root, 'packages', folder) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map(({ folder, path }) => ({
      folder,
      path,
      manifest: readManifest(path),
      files: packageFiles(path).map(checked),
    }))
  return {
    root,
    manifest: readManifest(root),
    packages,
    tools: sourceFiles(join(root, 'tools')).map(checked),
  }
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The package a bare specifier names: `@scope/name/part` → `@scope/name`. */
export function packageNameOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

/** Whether a specifier names a package, rather than a file, a built-in or one of its own `#imports`. */
export function isBare(specifier: string): boolean {
  return !/^(?:\.|\/|#|node:|data:|https?:|file:)/.test(specifier)
}
