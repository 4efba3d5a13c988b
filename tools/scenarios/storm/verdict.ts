import type { StormReport } from './storm.ts'

/** Share of ordinary texts that must be complete while one target lives. */
export const LEAST_COMPLETE = 0.99
/** Over sockets time runs ten times as fast, and a machine that is busy is late: the exact share is held in virtual time. */
export const LEAST_COMPLETE_OVER_HTTP = 0.97
/** How much the heap may grow between the first quarter and the end of a run, bytes. */
const MOST_GROWTH = 12 * 2 ** 20

/** The report in lines, and every way in which it is not good enough. */
export function verdict(
  report: StormReport,
  { hasGc, leastComplete = LEAST_COMPLETE }: { readonly hasGc: boolean; readonly leastComplete?: number },
): { readonly lines: readonly string[]; readonly failures: readonly string[] } {
  const { settled, done, ordinary, complete, broken, violations, leaks, story, heap } = report
  const share = ordinary === 0 ? 1 : complete / ordinary
  const growth = growthOf(heap)
  const failures = [
    ...[...broken].map(([rule, count]) => `BROKEN ${count} × ${rule}`),
    ...violations.slice(0, 12).map(({ request, rule, detail }) => `  request ${request}: ${rule}: ${detail}`),
    ...leaks.map((leak) => `LEFT ${leak}`),
    ...(share < leastComplete
      ? [`TOO FEW COMPLETE, for instance requests ${report.incomplete.join(', ')}`]
      : []),
    ...(hasGc && growth > MOST_GROWTH
      ? [`THE HEAP GROWS ${heap.map((bytes) => (bytes / 2 ** 20).toFixed(0)).join(' ')}`]
      : []),
  ]
  const lines = [
    `${settled} settled, ${done} answered; ${listed(report.failed)}`,
    `${complete} of ${ordinary} ordinary texts complete (${(100 * share).toFixed(2)} %)${report.incomplete.length > 0 ? `; not: ${report.incomplete.join(', ')}` : ''}`,
    `went on elsewhere: ${listed(report.resumed)}`,
    `faults: ${listed(report.played)}`,
    `heap grew ${(growth / 2 ** 20).toFixed(1)} MB${hasGc ? '' : ' (without --expose-gc: not judged)'}`,
    `story ${story.toString(16)}`,
  ]
  return { lines, failures }
}

function growthOf(heap: readonly number[]): number {
  const quarter = heap.slice(Math.floor(heap.length / 4))
  const half = Math.floor(quarter.length / 2)
  const mean = (list: readonly number[]): number =>
    list.reduce((sum, one) => sum + one, 0) / Math.max(1, list.length)
  return quarter.length < 4 ? 0 : mean(quarter.slice(half)) - mean(quarter.slice(0, half))
}

function listed(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${name} ${count}`)
    .join(', ')
}
