/** The part of vitest's JSON report that is read here. */
export interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** One test of the contract suite, as it went. */
export interface ContractTestRun {
  readonly group: string
  /** Without the reason of a skip. */
  readonly title: string
  readonly status: 'passed' | 'failed' | 'skipped'
  /** Why it was skipped. */
  readonly reason?: string
}

/** One run of the contract suite. */
export interface ContractRun {
  /** Folder below `packages/`. */
  readonly folder: string
  /** What the test file calls it. */
  readonly suite: string
  /** The tasks and the capabilities that are declared, as the suite saw them. */
  readonly declared: readonly string[]
  readonly tests: readonly ContractTestRun[]
}

const SUITE = /^(.*): provider contract$/
const DECLARED = /^declares the same every time: (.*); (.*)$/
const SKIPPED = /^(.*) \(skipped: (.*)\)$/s

/** The runs of the contract suite in the report of one package. Throws when a suite does not say what is declared. */
export function contractRuns(folder: string, report: VitestReport): readonly ContractRun[] {
  const suites = new Map<string, ContractTestRun[]>()
  for (const { ancestorTitles, title, status } of report.testResults.flatMap(
    (file) => file.assertionResults,
  )) {
    const suite = SUITE.exec(ancestorTitles[0] ?? '')?.[1]
    if (suite === undefined) continue
    const tests = suites.get(suite) ?? []
    suites.set(suite, tests)
    tests.push(testRun(ancestorTitles[1] ?? '', title, status))
  }
  return [...suites].map(([suite, tests]) => ({ folder, suite, declared: declaredIn(suite, tests), tests }))
}

function testRun(group: string, title: string, status: string): ContractTestRun {
  const [, bare, reason] = SKIPPED.exec(title) ?? []
  if (status === 'passed') return { group, title, status }
  if (status === 'skipped' || status === 'pending' || status === 'todo')
    return { group, title: bare ?? title, status: 'skipped', reason: reason ?? 'no reason given' }
  return { group, title, status: 'failed' }
}

function declaredIn(suite: string, tests: readonly ContractTestRun[]): readonly string[] {
  const told = tests.map(({ title }) => DECLARED.exec(title)).find((match) => match !== null)
  if (told === undefined) throw new Error(`the suite "${suite}" does not tell what its provider declares`)
  return told.slice(1).flatMap((list) => (list === 'nothing' ? [] : list.split(', ')))
}
