import { join } from 'node:path'
import { root } from '../setup/workspace.mjs'
import { check } from './check-step.ts'
import { installedTool } from './installed-tool.ts'
import type { Outcome } from './outcome.ts'

export function formatCheck(): Promise<Outcome> {
  return check('format (to mend: npm run format)', [installedTool('oxfmt'), '--check'])
}

export function lintCheck(folders: readonly string[] = []): Promise<Outcome> {
  return check('lint', [installedTool('oxlint'), '--deny-warnings', ...folders])
}

export function boundariesCheck(): Promise<Outcome> {
  return check('boundaries', [join(root, 'tools', 'boundaries', 'check.ts')])
}

/** The manifests of the provider packages; what is made from them is tested in `tools/lifecycle`. */
export function lifecycleCheck(): Promise<Outcome> {
  return check('lifecycle manifests', [join(root, 'tools', 'lifecycle', 'check.ts')])
}

export function toolsTypesCheck(): Promise<Outcome> {
  return check('types of the tools', [installedTool('typescript', 'tsc'), '-p', join(root, 'tools')])
}
