import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const LEFT_OUT = new Set(['node_modules', 'dist', 'assets'])

/** The files of a folder's tests: everything in a `tests` folder, and tests beside what they test. */
export function testFiles(folder: string, inTests = false): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (LEFT_OUT.has(entry.name) || entry.name.startsWith('.')) return []
      return testFiles(path, inTests || entry.name === 'tests')
    }
    return path.endsWith(inTests ? '.ts' : '.test.ts') ? [path] : []
  })
}
