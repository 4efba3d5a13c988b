import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord, parseJson } from '../json.js'

/** Name of the file in each downloaded model folder that says what belongs to it. */
export const MANIFEST_NAME = '.openmux.json'

/** A file as it was downloaded. */
export interface ManifestFile {
  /** Path below the model folder, with `/`. */
  readonly path: string
  readonly size: number
  /** Lower-case hex. */
  readonly sha256: string
}

/** What was downloaded: written last, so its presence says that the download was whole. */
export interface Manifest {
  readonly version: 1
  readonly id: string
  readonly revision: string
  /** Commit of the repository on the hub (`x-repo-commit`). */
  readonly commit?: string
  readonly files: readonly ManifestFile[]
}

/** The manifest of a folder; `undefined` when there is none or it cannot be understood. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  let text: string
  try {
    text = await readFile(join(folder, MANIFEST_NAME), 'utf8')
  } catch {
    return undefined
  }
  return asManifest(parseJson(text))
}

/** Writes it in one step: a reader sees the old one or the new one. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<void> {
  const path = join(folder, MANIFEST_NAME)
  await writeFile(`${path}.part`, `${JSON.stringify(manifest, undefined, 2)}\n`)
  await rename(`${path}.part`, path)
}

/** The old manifest's files with the new ones in their place: several dtypes may lie in one folder. */
export function mergeFiles(
  old: Manifest | undefined,
  files: readonly ManifestFile[],
): readonly ManifestFile[] {
  const merged = new Map((old?.files ?? []).map((file) => [file.path, file]))
  for (const file of files) merged.set(file.path, file)
  return [...merged.values()].toSorted((one, other) => (one.path < other.path ? -1 : 1))
}

function asManifest(value: unknown): Manifest | undefined {
  if (!isRecord(value) || value['version'] !== 1) return undefined
  const { id, revision, commit, files } = value
  if (typeof id !== 'string' || typeof revision !== 'string' || !Array.isArray(files)) return undefined
  const known = files.filter(isManifestFile)
  if (known.length !== files.length) return undefined
  return { version: 1, id, revision, files: known, ...(typeof commit === 'string' ? { commit } : {}) }
}

function isManifestFile(value: unknown): value is ManifestFile {
  if (!isRecord(value)) return false
  const { path, size, sha256 } = value
  return typeof path === 'string' && typeof size === 'number' && typeof sha256 === 'string'
}
