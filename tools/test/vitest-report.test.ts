import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { root } from '../setup/workspace.mjs'
import { type Outcome, sum } from './outcome.ts'
import { readVitestReport, skipKey, type SkipReasons } from './vitest-report.ts'

const folder = mkdtempSync(join(tmpdir(), 'openmux-report-'))
const TEST_FILE = join(root, 'packages', 'some', 'tests', 'a.test.ts')

afterAll(() => rmSync(folder, { recursive: true }))

function read(
  tests: Record<string, string>,
  {
    status = 'passed',
    message = '',
    reasons = {},
  }: { status?: string; message?: string; reasons?: SkipReasons } = {},
): Outcome {
  const assertionResults = Object.entries(tests).map(([fullName, state]) => ({ fullName, status: state }))
  const file = join(folder, 'report.json')
  writeFileSync(
    file,
    JSON.stringify({ testResults: [{ name: TEST_FILE, status, message, assertionResults }] }),
  )
  return readVitestReport(file, reasons)
}

it('counts tests by how they ended', () => {
  const tests = { a: 'passed', b: 'passed', c: 'failed', d: 'skipped', e: 'todo' }
  const { passed, failures, skips } = read(tests, { status: 'failed' })
  expect({ passed, failures }).toEqual({ passed: 2, failures: ['packages/some/tests/a.test.ts: c'] })
  expect(skips).toHaveLength(2)
})

it('counts a test that never ended as failed', () => {
  expect(read({ a: 'pending' }).failures).toEqual([
    'packages/some/tests/a.test.ts: a (did not finish: pending)',
  ])
})

it('counts a file that could not be loaded as one failure', () => {
  expect(read({}, { status: 'failed', message: 'Cannot find module\nat somewhere' })).toEqual({
    passed: 0,
    failures: ['packages/some/tests/a.test.ts: Cannot find module'],
    skips: [],
  })
})

it('counts a file whose hooks failed, and its tests as skipped', () => {
  const outcome = read({ a: 'skipped' }, { status: 'failed', message: 'beforeAll failed' })
  expect(outcome.failures).toEqual(['packages/some/tests/a.test.ts: beforeAll failed'])
  expect(outcome.skips).toHaveLength(1)
})

it('tells why a test was skipped', () => {
  const reasons = { [skipKey(TEST_FILE, 'a')]: 'no Ollama' }
  const tests = { a: 'skipped', b: 'skipped', 'c (skipped: no images)': 'skipped', d: 'todo' }
  expect(read(tests, { reasons }).skips.map((line) => line.split(' – ')[1])).toEqual([
    'no Ollama',
    'no reason given (use ctx.skip(reason))',
    undefined,
    'to be written',
  ])
})

it('adds up', () => {
  const one = { passed: 1, failures: ['x'], skips: [] }
  const other = { passed: 2, failures: ['y'], skips: ['z'] }
  expect(sum([one, other])).toEqual({ passed: 3, failures: ['x', 'y'], skips: ['z'] })
})
