/*
 * The support matrix in docs/providers.md, made from what the contract suite really showed.
 *
 *   --write   runs the contract tests of every provider package and writes the table
 *   --check   compares the table with the reports that a whole test run has just left behind, and runs nothing
 *   --check --tested packages/a,packages/b
 *             the same after a partial test run: the contract tests of the others are run now
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { testFiles } from '../test/test-files.ts'
import { contractRuns, type ContractRun, type VitestReport } from './contract-runs.ts'
import { withBlock } from './generated-block.ts'
import { COLUMNS } from './matrix-columns.ts'
import { root } from './provider-packages.ts'
import { runVitest } from './run-vitest.ts'
import { failedCells, matrixText, supportMatrix } from './support-matrix.ts'

const PAGE = join(root, 'docs', 'providers.md')
/** Where `npm test` leaves the report of a package's tests. */
const LEFT_REPORT = join('.vitest', 'report.json')

const { values } = parseArgs({
  options: {
    write: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    tested: { type: 'string' },
  },
})
try {
  if (values.write === values.check) throw new Error('Say one of --write and --check.')
  await (values.write ? writeMatrix() : checkMatrix())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

async function writeMatrix(): Promise<void> {
  writeFileSync(PAGE, wantedPage(await runNow(folders())))
  console.log('written: docs/providers.md')
}

async function checkMatrix(): Promise<void> {
  const tested = values.tested?.split(',').map((folder) => basename(folder))
  const wasTested = (folder: string): boolean => tested?.includes(folder) ?? true
  const runs = [
    ...folders()
      .filter(wasTested)
      .flatMap((folder) => runsIn(folder, join(root, 'packages', folder, LEFT_REPORT))),
    ...(await runNow(folders().filter((folder) => !wasTested(folder)))),
  ]
  if (readFileSync(PAGE, 'utf8') !== wantedPage(runs))
    throw new Error(
      'docs/providers.md: the support matrix is not what the contract suite showed: node tools/lifecycle/matrix.ts --write',
    )
  console.log(`support matrix: as ${runs.length} runs of the contract suite showed`)
}

/** Runs the contract tests of packages, one package after the other. */
async function runNow(packages: readonly string[]): Promise<readonly ContractRun[]> {
  const temporary = mkdtempSync(join(tmpdir(), 'openmux-matrix-'))
  try {
    const runs: ContractRun[] = []
    for (const folder of packages) {
      const report = join(temporary, `${folder}.json`)
      await runVitest(join(root, 'packages', folder), contractTests(folder), report)
      runs.push(...runsIn(folder, report))
    }
    return runs
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function wantedPage(runs: readonly ContractRun[]): string {
  const rows = supportMatrix(runs)
  const failed = failedCells(rows)
  if (failed.length > 0)
    throw new Error(`the contract suite failed, so there is no matrix to speak of: ${failed.join('; ')}`)
  return withBlock(readFileSync(PAGE, 'utf8'), 'matrix', matrixText(rows))
}

function runsIn(folder: string, report: string): readonly ContractRun[] {
  if (!existsSync(report)) throw new Error(`packages/${folder}: its tests left no report`)
  return contractRuns(folder, JSON.parse(readFileSync(report, 'utf8')) as VitestReport)
}

function folders(): readonly string[] {
  return [...new Set(COLUMNS.map(({ folder }) => folder))]
}

/** The test files of a package that run the contract suite. */
function contractTests(folder: string): readonly string[] {
  return testFiles(join(root, 'packages', folder)).filter(
    (file) => file.endsWith('.test.ts') && readFileSync(file, 'utf8').includes('providerContract('),
  )
}
