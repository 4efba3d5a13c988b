import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RunnerTask, RunnerTestCase } from 'vitest'

/** The document whose table says which test stands for which sentence of the seed. */
export const DOCUMENT = join(import.meta.dirname, '../../docs/hf-api-migration.md')

/** A row: what the seed says, and the test that holds it. */
export interface TableRow {
  readonly item: string
  readonly file: string
  /** Whole name: the titles of its groups and its own, joined by ` > `. */
  readonly test: string
}

/** The rows whose second column names a file of tests. */
export function readTable(document = readFileSync(DOCUMENT, 'utf8')): readonly TableRow[] {
  return document.split('\n').flatMap((line): readonly TableRow[] => {
    const [item, file, test] = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', ''))
    if (item === undefined || file === undefined || test === undefined) return []
    return file.endsWith('.test.ts') ? [{ item, file, test }] : []
  })
}

/** Demands that every row about the file of this test is a test of it that ran and passed before this one. */
export function demandTableRows(task: RunnerTestCase): void {
  const here = basename(task.file.filepath)
  const rows = readTable().filter(({ file }) => basename(file) === here)
  const passed = new Set(
    testsIn(task.file.tasks, []).flatMap(({ name, state }) => (state === 'pass' ? [name] : [])),
  )
  const missing = rows.filter(({ test }) => !passed.has(test)).map(({ test }) => test)
  if (rows.length === 0) throw new Error(`the table names no test of ${here}`)
  if (missing.length > 0) throw new Error(`did not run and pass in ${here}: ${missing.join('; ')}`)
}

interface Ran {
  readonly name: string
  readonly state: string | undefined
}

function testsIn(tasks: readonly RunnerTask[], above: readonly string[]): readonly Ran[] {
  return tasks.flatMap((task): readonly Ran[] => {
    const titles = [...above, task.name]
    if (task.type === 'suite') return testsIn(task.tasks, titles)
    return [{ name: titles.join(' > '), state: task.result?.state }]
  })
}

/** Whether a row's file is there, by its path from the root. */
export function fileExists({ file }: TableRow): boolean {
  return existsSync(join(import.meta.dirname, '../..', file))
}
