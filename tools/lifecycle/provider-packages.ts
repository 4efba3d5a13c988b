import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The root of the repository. */
export const root = join(import.meta.dirname, '../..')

/** The part of a `package.json` that is read here. */
export interface PackageJson {
  readonly name: string
  readonly version: string
  /** Not yet checked. */
  readonly openmux?: unknown
}

/** A package that makes providers. */
export interface ProviderPackage {
  /** Below `packages/`. */
  readonly folder: string
  readonly path: string
  readonly manifest: PackageJson
}

/** Packages that make providers without being called so. */
const OTHERS = ['openai-compatible']

/** Every package that makes providers, by the name of its folder; one without `openmux` is among them. */
export function providerPackages(from = root): readonly ProviderPackage[] {
  return allPackages(from).filter(
    ({ folder, manifest }) =>
      folder.startsWith('provider-') || OTHERS.includes(folder) || manifest.openmux !== undefined,
  )
}

/** Every package there is. */
export function allPackages(from = root): readonly ProviderPackage[] {
  return readdirSync(join(from, 'packages'))
    .toSorted()
    .map((folder) => ({ folder, path: join(from, 'packages', folder) }))
    .filter(({ path }) => existsSync(join(path, 'package.json')))
    .map((one) => ({ ...one, manifest: readManifest(one.path) }))
}

function readManifest(path: string): PackageJson {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as PackageJson
}
