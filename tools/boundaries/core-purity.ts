import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { CORE, CORE_SIDE_DOORS, VENDOR_NAMES } from './rules.ts'
import type { Violation } from './violation.ts'
import type { CheckedFile, CheckedWorkspace } from './workspace.ts'

/**
 * Core runs where there is no Node: its source imports no built-in module. Only the side door for Node may
 * (`@openmux/core/node`).
 */
export function coreWithoutNode(workspace: CheckedWorkspace): Violation[] {
  return coreSource(workspace)
    .filter((file) => sideDoorOf(file.shownPath) !== 'node')
    .flatMap(({ shownPath, imports }) =>
      imports
        .filter(({ specifier, kind }) => kind !== 'types' && isBuiltin(specifier))
        .map(({ specifier, line }) => ({
          rule: 'core-without-node',
          where: `${shownPath}:${line}`,
          message: `core's source imports the Node built-in ${specifier}`,
        })),
    )
}

/**
 * What lies behind a side door of core (a folder of `src` with an entry of its own) is not on the main path: nothing
 * else of core imports it, not even for its types, but the side doors that are allowed to.
 */
export function coreSideDoorsShut(workspace: CheckedWorkspace): Violation[] {
  return coreSource(workspace).flatMap(({ shownPath, imports }) => {
    const home = sideDoorOf(shownPath)
    return imports.flatMap(({ specifier, line }): Violation[] => {
      const door = specifier.startsWith('.')
        ? sideDoorOf(posix.join(posix.dirname(shownPath), specifier))
        : sideDoorOf(specifier.replace('@openmux/core/', `${SOURCE}/`))
      if (door === undefined || door === home) return []
      if (home !== undefined && CORE_SIDE_DOORS[home]?.includes(door) === true) return []
      const message = `core's ${home ?? 'main path'} imports what lies behind its side door ${door}: ${specifier}`
      return [{ rule: 'core-side-doors-shut', where: `${shownPath}:${line}`, message }]
    })
  })
}

/** Core asks what a provider declares; no name of one appears in its code. Comments may give examples. */
export function coreWithoutProviderNames(workspace: CheckedWorkspace): Violation[] {
  const names = new Set([
    ...VENDOR_NAMES,
    ...workspace.packages.flatMap(({ folder }) => providerName(folder)),
  ])
  return coreSource(workspace).flatMap(({ shownPath, words }) =>
    words.flatMap(({ text, line }): Violation[] => {
      const squeezed = lettersAndDigits(text)
      const name = [...names].find((candidate) => squeezed.includes(candidate))
      if (name === undefined) return []
      const message = `core's code mentions a provider by name (${name}): ${JSON.stringify(text.slice(0, 80))}`
      return [{ rule: 'core-without-provider-names', where: `${shownPath}:${line}`, message }]
    }),
  )
}

function coreSource({ packages }: CheckedWorkspace): readonly CheckedFile[] {
  const core = packages.find(({ folder }) => folder === CORE)
  return core?.files.filter(({ role }) => role === 'source') ?? []
}

const SOURCE = `packages/${CORE}/src`

/** The side door a path of core's source lies behind; undefined for the main path. */
function sideDoorOf(path: string): string | undefined {
  return Object.keys(CORE_SIDE_DOORS).find(
    (door) => path === `${SOURCE}/${door}` || path.startsWith(`${SOURCE}/${door}/`),
  )
}

function providerName(folder: string): string[] {
  return folder.startsWith('provider-') ? [lettersAndDigits(folder.slice('provider-'.length))] : []
}

function lettersAndDigits(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}
