import { runNode } from '../setup/run.mjs'
import { oneFailed, onePassed, type Outcome } from './outcome.ts'

/** Runs a command by the workspace's Node as one check: it passes when it ends with 0. */
export async function check(name: string, args: readonly string[]): Promise<Outcome> {
  const code = await runNode(args)
  return code === 0 ? onePassed : oneFailed(`${name}: exit code ${code}`)
}
