import { readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { root } from '../setup/workspace.mjs'
import type { Outcome } from './outcome.ts'

/** The part of vitest's JSON report that we count. */
interface VitestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

/** Test name → the reason it gave when it skipped itself; written by `skip-reasons.ts`. */
export type SkipReasons = Record<string, string>

export function skipKey(file: string, fullName: string): string {
  return `${file}: ${fullName}`
}

export function readVitestReport(file: string, reasons: SkipReasons): Outcome {
  const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  const failures: string[] = []
  const skips: string[] = []
  let passed = 0
  for (const { name, status, message, assertionResults } of report.testResults) {
    const path = relative(root, name)
    let failedHere = 0
    for (const test of assertionResults) {
      const title = `${path}: ${test.fullName}`
      if (test.status === 'passed') passed++
      else if (test.status === 'skipped' || test.status === 'todo') {
        skips.push(title + reasonOf(test, reasons[skipKey(name, test.fullName)]))
      } else {
        failedHere++
        failures.push(test.status === 'failed' ? title : `${title} (did not finish: ${test.status})`)
      }
    }
    // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
    if (status === 'failed' && failedHere === 0) failures.push(`${path}: ${firstLine(message)}`)
  }
  return { passed, failures, skips }
}

function reasonOf(
  { fullName, status }: { fullName: string; status: string },
  note: string | undefined,
): string {
  if (note !== undefined) return ` – ${note}`
  if (status === 'todo') return ' – to be written'
  // The contract suite tells why in the title.
  return fullName.includes('(skipped: ') ? '' : ' – no reason given (use ctx.skip(reason))'
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0] || 'failed outside of its tests'
}
