import { capture } from '../setup/run.mjs'
import { oneFailed, onePassed, type Outcome } from './outcome.ts'

export async function treeState(): Promise<string> {
  // In a container the checkout often belongs to somebody else, which git refuses otherwise.
  const { code, stdout } = await capture('git', ['-c', 'safe.directory=*', 'status', '--porcelain'])
  return code === 0 ? stdout : ''
}

/** Fails when the tests left files in the tree, or changed some. */
export async function cleanTreeStep(before: string): Promise<Outcome> {
  const after = await treeState()
  return after === before ? onePassed : oneFailed(`the run changed the working tree:\n${after}`)
}
