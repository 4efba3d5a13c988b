import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type CheckedPackage, checkedPackages } from './check-manifests.ts'
import { withRegistryNote } from './changelog-note.ts'
import { withBlock } from './generated-block.ts'
import { deprecateLine } from './npm-deprecate.ts'
import { factsTable, lifecycleTable } from './provider-tables.ts'
import { root } from './provider-packages.ts'
import { readmeSection } from './readme-section.ts'
import { registrySection } from './registry-section.ts'

/** A document as it is, and as it would be if it were written now. */
export interface GeneratedText {
  /** From the root. */
  readonly path: string
  readonly is: string
  readonly wanted: string
}

/** Everything that is made from the manifests and the built packages; the support matrix is made from test runs. */
export async function generatedTexts(): Promise<readonly GeneratedText[]> {
  const packages = checkedPackages()
  const blocks = {
    lifecycle: lifecycleTable(packages),
    providers: await factsTable(packages),
    registry: registrySection(packages),
  }
  const providers = document('docs/providers.md')
  const tables = Object.entries(blocks).reduce(
    (text, [name, block]) => withBlock(text, name, block),
    providers.is,
  )
  const readmes = packages.map(({ folder, openmux }) => {
    const readme = document(`packages/${folder}/README.md`)
    const section = readmeSection(openmux.provider, openmux.lifecycle)
    return { ...readme, wanted: withBlock(readme.is, 'lifecycle', section) }
  })
  return [{ ...providers, wanted: tables }, ...readmes, ...packages.flatMap(changelogOf)]
}

/** The release notes of a version that is deprecated or disabled hold the command for the registry. */
function changelogOf({ folder, manifest, openmux }: CheckedPackage): readonly GeneratedText[] {
  const path = `packages/${folder}/CHANGELOG.md`
  const command = deprecateLine(manifest, openmux.lifecycle)
  if (command === undefined || !existsSync(join(root, path))) return []
  const changelog = document(path)
  return [{ ...changelog, wanted: withRegistryNote(changelog.is, manifest.version, command) }]
}

function document(path: string): { readonly path: string; readonly is: string } {
  return { path, is: readFileSync(join(root, path), 'utf8') }
}
