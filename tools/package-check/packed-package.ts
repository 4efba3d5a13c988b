import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type WorkspacePackage, workspacePackages } from '../setup/build-closure.mjs'
import { readJson, workspacePnpm } from '../setup/workspace.mjs'
import { outputOf } from './command.ts'

/** The manifest as it is in the tarball: what a user's package manager reads. */
export interface PackedManifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly bin?: string | Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

export interface PackedPackage {
  readonly name: string
  readonly tarball: string
  /** The tarball's files, unpacked. */
  readonly folder: string
  readonly files: readonly string[]
  readonly manifest: PackedManifest
}

export function publicPackages(): WorkspacePackage[] {
  return [...workspacePackages().values()].filter(({ manifest }) => manifest.private !== true)
}

/** Packs a package as it would be published, and unpacks it beside. */
export async function pack({ folder, manifest }: WorkspacePackage, temp: string): Promise<PackedPackage> {
  const args = ['pack', '--json', '--pack-destination', join(temp, 'tarballs')]
  const json = await outputOf(workspacePnpm, args, { cwd: folder })
  const packed = JSON.parse(json) as { filename: string; files: { path: string }[] }
  const unpacked = join(temp, 'unpacked', manifest.name)
  mkdirSync(unpacked, { recursive: true })
  await outputOf('tar', ['-xzf', packed.filename, '-C', unpacked, '--strip-components=1'])
  return {
    name: manifest.name,
    tarball: packed.filename,
    folder: unpacked,
    files: packed.files.map(({ path }) => path),
    manifest: readJson(join(unpacked, 'package.json')) as PackedManifest,
  }
}
