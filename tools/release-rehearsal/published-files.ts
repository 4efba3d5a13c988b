import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { outputOf } from '../package-check/command.ts'
import type { PackedManifest, PackedPackage } from '../package-check/packed-package.ts'
import type { Rehearsal } from './rehearsal.ts'

/** Fetches a version from the registry and unpacks it, in the shape that the package check reads. */
export async function fetchPublished(
  { registry, folder }: Rehearsal,
  name: string,
  version: string,
): Promise<PackedPackage> {
  const published = (await registry.packument(name))?.versions[version]
  if (published === undefined) throw new Error(`the registry has no ${name}@${version}`)
  const place = join(folder, 'fetched', name, version)
  const unpacked = join(place, 'package')
  mkdirSync(unpacked, { recursive: true })
  const tarball = join(place, 'package.tgz')
  writeFileSync(tarball, await registry.tarball(published))
  await outputOf('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1'])
  const manifest = JSON.parse(readFileSync(join(unpacked, 'package.json'), 'utf8')) as PackedManifest
  return { name, tarball, folder: unpacked, files: filesIn(unpacked), manifest }
}

/** The files that two versions do not have in common, to the byte. */
export function differingFiles(one: PackedPackage, other: PackedPackage): readonly string[] {
  const all = new Set([...one.files, ...other.files])
  return [...all].filter((file) => contentOf(one, file) !== contentOf(other, file)).sort()
}

function contentOf({ folder, files }: PackedPackage, file: string): string | undefined {
  return files.includes(file) ? readFileSync(join(folder, file)).toString('base64') : undefined
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}
