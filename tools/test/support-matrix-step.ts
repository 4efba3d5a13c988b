import { join } from 'node:path'
import { root } from '../setup/workspace.mjs'
import { check } from './check-step.ts'
import type { Outcome } from './outcome.ts'

/**
 * Holds the support matrix in docs/providers.md against the reports that the tests of this run left behind.
 * `tested` names the folders that were tested when that was not all of them.
 */
export function supportMatrixStep(tested?: readonly string[]): Promise<Outcome> {
  return check('support matrix (to mend: node tools/lifecycle/matrix.ts --write)', [
    join(root, 'tools', 'lifecycle', 'matrix.ts'),
    '--check',
    ...(tested === undefined ? [] : ['--tested', tested.join(',')]),
  ])
}
