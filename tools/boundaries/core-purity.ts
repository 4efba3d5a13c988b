import { isBuiltin } from 'node:module'
import { CORE, VENDOR_NAMES } from './rules.ts'
import type { Violation } from './violation.ts'
import type { CheckedFile, CheckedWorkspace } from './workspace.ts'

/** Core runs where there is no Node: its source imports no built-in module. */
export function coreWithoutNode(workspace: CheckedWorkspace): Violation[] {
  return coreSource(workspace).flatMap(({ shownPath, imports }) =>
    imports
      .filter(({ specifier, kind }) => kind !== 'types' && isBuiltin(specifier))
      .map(({ specifier, line }) => ({
        rule: 'core-without-node',
        where: `${shownPath}:${line}`,
        message: `core's source imports the Node built-in ${specifier}`,
      })),
  )
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

function providerName(folder: string): string[] {
  return folder.startsWith('provider-') ? [lettersAndDigits(folder.slice('provider-'.length))] : []
}

function lettersAndDigits(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]/g, '')
}
