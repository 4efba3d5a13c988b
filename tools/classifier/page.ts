import { classifyByTraining, classifyText, type TextClassifier } from '@openmux/core/classify'
import { reportOf, type Verdict } from './report.ts'
import { messagesOf, readRequests } from './requests.ts'

/** Where the numbers are published. */
export const PAGE = new URL('../../docs/classification.md', import.meta.url)

const MEASURED = /(?<=<!-- measured -->\n\n)[\s\S]*?(?=\n\n<!-- end -->)/

/** The tables that a page holds. */
export function measuredIn(page: string): string | undefined {
  return MEASURED.exec(page)?.[0]
}

/** A page with other tables. */
export function withMeasured(page: string, report: string): string {
  return page.replace(MEASURED, () => report)
}

/** What the classifier that ships and the rules say of the test set, and the tables of it. */
export function reportOfTestSet(): {
  readonly trained: readonly Verdict[]
  readonly rules: readonly Verdict[]
  readonly report: string
} {
  const requests = readRequests('test-set')
  const verdictsOf = (classify: TextClassifier): readonly Verdict[] =>
    requests.map((request) => ({ request, said: classify(messagesOf(request)).task }))
  const trained = verdictsOf(classifyByTraining)
  const rules = verdictsOf(classifyText)
  return { trained, rules, report: reportOf(trained, rules) }
}
