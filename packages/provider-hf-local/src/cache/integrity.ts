import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Manifest, ManifestFile } from './manifest.js'

/** Files of a manifest that are missing or of the wrong size. Cheap: done before every load. */
export async function wrongSizes(folder: string, manifest: Manifest): Promise<readonly ManifestFile[]> {
  const wrong: ManifestFile[] = []
  for (const file of manifest.files) {
    const size = (await stat(join(folder, file.path)).catch(() => undefined))?.size
    if (size !== file.size) wrong.push(file)
  }
  return wrong
}

/** Files of a manifest whose bytes are not those that were downloaded. Reads everything: done after a failed load. */
export async function wrongContents(folder: string, manifest: Manifest): Promise<readonly ManifestFile[]> {
  const wrong: ManifestFile[] = []
  for (const file of manifest.files) {
    const sum = await sha256(join(folder, file.path)).catch(() => undefined)
    if (sum !== file.sha256) wrong.push(file)
  }
  return wrong
}

/** Removes files, so that the next download fetches them again. */
export async function removeFiles(folder: string, files: readonly ManifestFile[]): Promise<void> {
  for (const file of files) await rm(join(folder, file.path), { force: true })
}

/** The SHA-256 of a file, lower-case hex. */
export async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
