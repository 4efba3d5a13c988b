import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runNode } from '../setup/run.mjs'
import { root } from '../setup/workspace.mjs'
import { installedTool } from './installed-tool.ts'
import { oneFailed, type Outcome } from './outcome.ts'
import { SKIP_REASONS_FILE } from './skip-reasons.ts'
import { testFiles } from './test-files.ts'
import { readVitestReport, type SkipReasons } from './vitest-report.ts'

const REPORT_FILE = join('.vitest', 'report.json')

/** Runs a folder's vitest tests; nothing to count where a folder has none. */
export async function vitestStep(folder: string): Promise<Outcome | undefined> {
  if (!hasTests(folder)) return undefined
  for (const file of [REPORT_FILE, SKIP_REASONS_FILE]) rmSync(join(folder, file), { force: true })
  const code = await runNode(
    [
      installedTool('vitest'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${REPORT_FILE}`,
      `--reporter=${join(import.meta.dirname, 'skip-reasons.ts')}`,
    ],
    { cwd: folder },
  )
  return outcomeOf(folder, code)
}

function outcomeOf(folder: string, code: number): Outcome {
  const name = relative(root, folder)
  const report = join(folder, REPORT_FILE)
  if (!existsSync(report)) return oneFailed(`${name}: vitest ended with ${code} and left no report`)
  const outcome = readVitestReport(report, skipReasons(folder))
  if (outcome.passed + outcome.failures.length + outcome.skips.length === 0) {
    return oneFailed(`${name}: has test files, but vitest found no test in them`)
  }
  if (code === 0 || outcome.failures.length > 0) return outcome
  // An unhandled error fails the run without failing a test.
  return {
    ...outcome,
    failures: [`${name}: vitest ended with ${code} though no test failed; see its output`],
  }
}

function skipReasons(folder: string): SkipReasons {
  const file = join(folder, SKIP_REASONS_FILE)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SkipReasons) : {}
}

/** Whether a folder means to have tests: a `tests` folder counts even when it is empty. */
function hasTests(folder: string): boolean {
  return existsSync(join(folder, 'tests')) || testFiles(folder).length > 0
}
