/*
 * `npm run release:publish`, once everything is built: publishes every version that the registry does not have yet,
 * tags it in git, and prints what is to be told to the registry about packages that are deprecated or disabled.
 */
import { join } from 'node:path'
import { capture, run, runNode } from '../setup/run.mjs'
import { root } from '../setup/workspace.mjs'

process.exitCode = await main()

async function main(): Promise<number> {
  const { code, output } = await capture('git', ['status', '--porcelain'])
  if (code !== 0 || output !== '') {
    console.error(`What is published must be in the history. Commit these first, or remove them:\n${output}`)
    return 1
  }
  const published = await run('changeset', ['publish'])
  if (published !== 0) return published
  console.error('\nFor a maintainer to run, where the registry does not know it yet:')
  return runNode([join(root, 'tools/lifecycle/deprecate.ts')])
}
