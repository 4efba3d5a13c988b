import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The constant that `packages/cli/src/providers/known-lifecycle.ts` declares. */
export const KNOWN_LIFECYCLES_CONSTANT = 'KNOWN_LIFECYCLES'

/** What to replace in the command line: the lifecycles of all packages that have one, by package name. */
export function knownLifecyclesConstant(
  packages = join(import.meta.dirname, '../../packages'),
): Record<string, string> {
  const known = readdirSync(packages).flatMap((folder): [string, unknown][] => {
    const file = join(packages, folder, 'package.json')
    if (!existsSync(file)) return []
    const { name, openmux } = JSON.parse(readFileSync(file, 'utf8')) as {
      readonly name: string
      readonly openmux?: { readonly lifecycle?: unknown }
    }
    return openmux?.lifecycle === undefined ? [] : [[name, openmux.lifecycle]]
  })
  return { [KNOWN_LIFECYCLES_CONSTANT]: JSON.stringify(Object.fromEntries(known)) }
}
