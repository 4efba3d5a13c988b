import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from '../setup/run.mjs'
import { root } from '../setup/workspace.mjs'
import { oneFailed, type Outcome } from './outcome.ts'

/** Runs the package check and counts each of its checks. */
export async function packageCheckStep(): Promise<Outcome> {
  const report = join(root, '.vitest', 'package-check.json')
  rmSync(report, { force: true })
  const code = await runNode([join(root, 'tools', 'package-check', 'check.ts'), '--report', report])
  if (!existsSync(report)) return oneFailed(`package check: ended with ${code} and left no report`)
  return JSON.parse(readFileSync(report, 'utf8')) as Outcome
}
