import { classifyByTraining, classifyText } from '@openmux/core/classify'
import { messagesOf, readRequests } from '../../classifier/requests.ts'
import { type Row, time } from '../row.ts'

const LIMIT_US = 200
const TIMES_EACH = 10

/** What it takes to tell the task of a request: those of the classifier's test set, and a very long one. */
export async function classify(): Promise<readonly Row[]> {
  const requests = readRequests('test-set').map(messagesOf)
  const book = [{ role: 'user' as const, content: `${'The sea is blue. '.repeat(20_000)}Write a poem.` }]
  const trained = timesOf(() => requests.map((messages) => () => classifyByTraining(messages)))
  const rules = timesOf(() => requests.map((messages) => () => classifyText(messages)))
  const long = timesOf(() => Array.from({ length: 1_000 }, () => () => classifyByTraining(book)))
  return [
    within('task of a request, p50', trained.p50),
    within('the same, p99', trained.p99),
    within('the same for a text of 340,000 characters, p50', long.p50),
    { what: 'the same by the older rules, p50 and p99', measured: `${time(rules.p50)}, ${time(rules.p99)}` },
  ]
}

function within(what: string, us: number): Row {
  return { what, measured: time(us), target: '≤ 0.2 ms', met: us <= LIMIT_US }
}

/** Microseconds a call, after one turn that only warms up. */
function timesOf(calls: () => readonly (() => unknown)[]): { readonly p50: number; readonly p99: number } {
  for (const call of calls()) call()
  const times: number[] = []
  for (let turn = 0; turn < TIMES_EACH; turn += 1)
    for (const call of calls()) {
      const started = performance.now()
      call()
      times.push((performance.now() - started) * 1_000)
    }
  const sorted = times.toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}
