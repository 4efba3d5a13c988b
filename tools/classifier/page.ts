import { classifyByTraining, classifyText, type TextClassifier } from '@openmux/core/classify'
import { reportOf, type Verdict } from './report.ts'
import { messagesOf, readRequests } from './requests.ts'

/** Where the numbers are published. */
export const PAGE = new URL('../../docs/classification.md', import.meta.url)

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
