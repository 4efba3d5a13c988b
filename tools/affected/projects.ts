import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The targets that nx runs for a project, by a script of the same name. */
export const TARGETS = ['build', 'typecheck', 'test'] as const
export type Target = (typeof TARGETS)[number]

export interface Project {
  readonly name: string
  /** Its path from the root, with `/`. */
  readonly folder: string
  readonly targets: readonly Target[]
}

/** Every project of the workspace, read from the manifests: what nx should know, too. */
export function readProjects(root: string): Project[] {
  return ['packages', 'tools']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .toSorted()
    .map((folder) => {
      const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
        name: string
        scripts?: Record<string, string>
      }
      return { name: manifest.name, folder, targets: TARGETS.filter((target) => manifest.scripts?.[target]) }
    })
}
