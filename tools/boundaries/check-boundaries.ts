import { allowedEdges } from './allowed-edges.ts'
import { coreSideDoorsShut, coreWithoutNode, coreWithoutProviderNames } from './core-purity.ts'
import { declaredImports } from './declared-imports.ts'
import { noCycles } from './no-cycles.ts'
import { noRelativeEscape } from './no-relative-escape.ts'
import { type BoundaryRules, rules as ourRules } from './rules.ts'
import type { Violation } from './violation.ts'
import { type CheckedWorkspace, readWorkspace } from './workspace.ts'

export interface BoundaryResult {
  readonly packages: number
  readonly files: number
  readonly violations: readonly Violation[]
}

/** Checks the packages below a root against the rules. */
export function checkBoundaries(root: string, rules: BoundaryRules = ourRules): BoundaryResult {
  const workspace = readWorkspace(root)
  return {
    packages: workspace.packages.length,
    files: workspace.packages.reduce((total, { files }) => total + files.length, workspace.tools.length),
    violations: [
      ...unreadable(workspace),
      ...allowedEdges(workspace, rules),
      ...noCycles(workspace),
      ...declaredImports(workspace),
      ...noRelativeEscape(workspace),
      ...coreWithoutNode(workspace),
      ...coreSideDoorsShut(workspace),
      ...coreWithoutProviderNames(workspace),
    ],
  }
}

/** A file that cannot be parsed could hide anything. */
function unreadable({ packages, tools }: CheckedWorkspace): Violation[] {
  return [...packages.flatMap(({ files }) => files), ...tools]
    .filter(({ errors }) => errors.length > 0)
    .map(({ shownPath, errors }) => ({
      rule: 'readable',
      where: shownPath,
      message: `cannot be parsed: ${errors.join('; ')}`,
    }))
}
