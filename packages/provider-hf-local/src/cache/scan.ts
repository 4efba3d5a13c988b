import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readModelFolder, type ModelFolder } from './model-folder.js'

/** A model found on disk. */
export interface FoundModel {
  /** `org/name`, with `@revision` behind it for other revisions than `main`. */
  readonly id: string
  readonly found: ModelFolder
}

/**
 * Models in a folder of models: `<folder>/<org>/<name>/config.json`, other revisions in
 * `<folder>/<org>/<name>/<revision>/config.json` (the layout of transformers.js' own cache,
 * `utils/hub.js`), and models without an organisation in `<folder>/<name>/config.json`. Folders that
 * hold no whole model are passed over; a folder that is not there holds none.
 */
export async function scanModels(folder: string): Promise<readonly FoundModel[]> {
  const models: FoundModel[] = []
  for (const first of await folders(folder)) {
    const single = await readModelFolder(join(folder, first))
    if (single !== undefined) {
      models.push({ id: first, found: single })
      continue
    }
    for (const second of await folders(join(folder, first))) {
      const path = join(folder, first, second)
      const main = await readModelFolder(path)
      if (main !== undefined) models.push({ id: `${first}/${second}`, found: main })
      for (const revision of await folders(path)) {
        if (revision === 'onnx' || revision === '1_Pooling') continue
        const found = await readModelFolder(join(path, revision))
        if (found !== undefined) models.push({ id: `${first}/${second}@${revision}`, found })
      }
    }
  }
  return models
}

async function folders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted()
  } catch {
    return []
  }
}
