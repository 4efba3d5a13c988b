import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runNode } from '../setup/run.mjs'
import { root } from '../setup/workspace.mjs'
import { oneFailed, onePassed, oneSkipped, type Outcome } from './outcome.ts'
import { testFiles } from './test-files.ts'

const INSTALLER = join('tools', 'real-parts', 'ollama-install.mjs')

/**
 * Brings the real Ollama server and its models. Where nobody is there to install what it needs (in
 * CI) its failure is ours; on a person's machine the tests that need it skip and say so.
 */
export async function realPartsStep(): Promise<Outcome> {
  const code = await runNode([join(root, INSTALLER)])
  if (code === 0) return onePassed
  const failure = `the real Ollama server could not be installed (exit code ${code}, see above)`
  if (isCI()) return oneFailed(failure)
  return oneSkipped(`real parts – ${failure}; to try again: node ${INSTALLER}`)
}

export function isCI(): boolean {
  const { CI } = process.env
  return CI !== undefined && CI !== '' && CI !== 'false' && CI !== '0'
}

/** Whether the tests in a folder ask for the real server. */
export function usesRealParts(folder: string): boolean {
  return testFiles(folder).some((file) => readFileSync(file, 'utf8').includes('real-parts/'))
}
