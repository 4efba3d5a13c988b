import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The constant that a provider package's `src/lifecycle.ts` declares. Builds and tests put `openmux.lifecycle` of
 * the package's `package.json` in its place, so that the manifest is the only place where a stage is written down.
 * Of the manifest nothing else gets into `dist`, and nothing is read at run time: it works in browsers, too.
 */
export const LIFECYCLE_CONSTANT = 'PACKAGE_LIFECYCLE'

/** What to replace in the package of a folder; nothing where its manifest has no lifecycle. */
export function lifecycleConstant(folder = process.cwd()): Record<string, string> {
  const file = join(folder, 'package.json')
  // The scripts in `tools/` are tested from a folder without one.
  if (!existsSync(file)) return {}
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly openmux?: { readonly lifecycle?: unknown }
  }
  const lifecycle = manifest.openmux?.lifecycle
  return lifecycle === undefined ? {} : { [LIFECYCLE_CONSTANT]: JSON.stringify(lifecycle) }
}
