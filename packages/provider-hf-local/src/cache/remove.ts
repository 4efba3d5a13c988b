import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * What to delete to remove a model: the folder, or, when other revisions live below it, everything
 * in it but those.
 */
export async function removableEntries(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => undefined)
  if (names === undefined) return []
  const own: string[] = []
  for (const name of names)
    if (!(await exists(join(folder, name, 'config.json')))) own.push(join(folder, name))
  // `1_Pooling/config.json` belongs to the model.
  if (names.includes('1_Pooling')) own.push(join(folder, '1_Pooling'))
  const unique = [...new Set(own)]
  return unique.length === names.length ? [folder] : unique
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}
