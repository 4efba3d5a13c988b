import type { ContractRun, ContractTestRun } from './contract-runs.ts'
import { table } from './generated-block.ts'
import { COLUMNS, type MatrixColumn, NO_COLUMN, type Transport } from './matrix-columns.ts'
import { DECLARED_ROWS } from './matrix-rows.ts'

/** What the suite showed of one thing of one provider. */
export interface Cell {
  readonly mark: '✔' | '–' | '○' | '✘'
  /** Why some of its tests, or all, were skipped. */
  readonly skips: readonly string[]
}

/** A row: what it is about, and a cell for each column. */
export interface MatrixRow {
  readonly label: string
  readonly cells: readonly Cell[]
}

/** The runs of a column, by transport. */
type ColumnRuns = ReadonlyMap<Transport, readonly ContractRun[]>

/** The matrix from the runs of all packages. Throws when a run has no column, or a column no run. */
export function supportMatrix(
  runs: readonly ContractRun[],
  columns: readonly MatrixColumn[] = COLUMNS,
): readonly MatrixRow[] {
  demandColumns(runs, columns)
  const perColumn = columns.map((column) => runsOf(column, runs))
  const named = new Set(DECLARED_ROWS.flatMap(({ group }) => group ?? []))
  const groups = new Set(runs.flatMap(({ tests }) => tests.map(({ group }) => group)))
  return [
    ...DECLARED_ROWS.map(({ label, declared, group, title }) => ({
      label,
      cells: perColumn.map((column) =>
        cell(
          column,
          (test) => test.group === group && (title?.test(test.title) ?? true),
          (run) => run.declared.includes(declared),
        ),
      ),
    })),
    ...[...groups]
      .filter((group) => !named.has(group))
      .map((group) => ({
        label: `\`${group}\``,
        cells: perColumn.map((column) => cell(column, (test) => test.group === group)),
      })),
  ]
}

/** Proved only where every transport proved it; a variant that does not declare it says nothing. */
function cell(
  column: ColumnRuns,
  isMeant: (test: ContractTestRun) => boolean,
  declares?: (run: ContractRun) => boolean,
): Cell {
  const all = [...column.values()].flat()
  const isDeclared = declares === undefined || all.some(declares)
  // Where nobody declares it, the tests are those of the refusal.
  const speaks = (run: ContractRun): boolean => !isDeclared || declares === undefined || declares(run)
  const perTransport = [...column.values()].map((runs) =>
    runs.filter(speaks).flatMap(({ tests }) => tests.filter(isMeant)),
  )
  const tests = perTransport.flat()
  const skips = [
    ...new Set(tests.flatMap(({ status, reason }) => (status === 'skipped' ? [reason ?? ''] : []))),
  ]
  if (tests.some(({ status }) => status === 'failed')) return { mark: '✘', skips }
  if (!isDeclared) return { mark: '–', skips: [] }
  const isProved = perTransport.every((some) => some.some(({ status }) => status === 'passed'))
  if (isProved) return { mark: '✔', skips }
  // Not a thing that is declared: the suite skips a group whose member the provider does not have.
  return { mark: declares === undefined ? '–' : '○', skips }
}

function runsOf({ folder, suites }: MatrixColumn, runs: readonly ContractRun[]): ColumnRuns {
  const transports = Object.entries(suites) as [Transport, RegExp][]
  return new Map(
    transports.map(([transport, suite]) => [
      transport,
      runs.filter((run) => run.folder === folder && suite.test(run.suite)),
    ]),
  )
}

function demandColumns(runs: readonly ContractRun[], columns: readonly MatrixColumn[]): void {
  const lost = runs.filter(
    ({ folder, suite }) =>
      !columns.some(
        (one) => one.folder === folder && Object.values(one.suites).some((name) => name.test(suite)),
      ) && !NO_COLUMN.some(([name]) => name.test(suite)),
  )
  if (lost.length > 0) {
    const names = lost.map(({ folder, suite }) => `"${suite}" of ${folder}`).join(', ')
    throw new Error(`tools/lifecycle/matrix-columns.ts has no column for the contract suite ${names}`)
  }
  for (const column of columns) {
    for (const [transport, found] of runsOf(column, runs)) {
      if (found.length === 0)
        throw new Error(`no run of the contract suite for ${column.heading}, ${transport}`)
    }
  }
}

/** What failed, as `row of column`: a matrix with such cells is no statement about the package. */
export function failedCells(
  rows: readonly MatrixRow[],
  columns: readonly MatrixColumn[] = COLUMNS,
): readonly string[] {
  return rows.flatMap(({ label, cells }) =>
    cells.flatMap(({ mark }, index) => (mark === '✘' ? [`${label} of ${columns[index]?.heading}`] : [])),
  )
}

/** The matrix as Markdown: the table, what its marks mean, and what was skipped. */
export function matrixText(rows: readonly MatrixRow[], columns: readonly MatrixColumn[] = COLUMNS): string {
  const transports = columns.map(({ suites }) => Object.keys(suites).join(', '))
  const notes = columns.flatMap(({ heading }, index) => skipNotes(heading, rows, index))
  return [
    table(
      ['', ...columns.map(({ heading }) => heading)],
      [
        ['suite run', ...transports],
        ...rows.map(({ label, cells }) => [
          label,
          ...cells.map(({ mark, skips }) => (mark === '✔' && skips.length > 0 ? '✔*' : mark)),
        ]),
      ],
    ),
    '✔ every test of it passed, in each of the runs named on top; ✔* the same, but some of its tests do not apply, for the reasons below; ○ declared, but no test of the suite covers it; – not declared, or no test of it applies; where the suite has a test for what is not declared, a request for it was refused or warned of.',
    ...(notes.length === 0 ? [] : [`Tests that do not apply:\n\n${notes.join('\n')}`]),
  ].join('\n\n')
}

function skipNotes(heading: string, rows: readonly MatrixRow[], index: number): readonly string[] {
  const byReason = new Map<string, string[]>()
  for (const { label, cells } of rows) {
    for (const reason of cells[index]?.skips ?? []) {
      byReason.set(reason, [...(byReason.get(reason) ?? []), label])
    }
  }
  if (byReason.size === 0) return []
  const reasons = [...byReason].map(([reason, labels]) => `${reason} (${labels.join(', ')})`)
  return [`- **${heading}**: ${reasons.join('; ')}`]
}
