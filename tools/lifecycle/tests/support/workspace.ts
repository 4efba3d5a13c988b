import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder with packages whose manifests hold the given `openmux`, gone at the end of the block. */
export function workspaceWith(
  packages: Readonly<Record<string, object | undefined>>,
): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), 'openmux-lifecycle-'))
  for (const [folder, openmux] of Object.entries(packages)) {
    const own = join(path, 'packages', folder)
    mkdirSync(own, { recursive: true })
    const manifest = {
      name: `@openmux/${folder}`,
      version: '1.2.3',
      ...(openmux !== undefined && { openmux }),
    }
    writeFileSync(join(own, 'package.json'), JSON.stringify(manifest))
  }
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
