import type { ProbeComparison } from '../probe/compare.js'
import type { Judgement } from '../probe/judge.js'
import type { ProbeReport } from '../probe/report.js'
import { comparisonText } from '../render/probe-comparison.js'
import { judgementText, probeTable } from '../render/probe-table.js'
import type { CommandContext } from './context.js'

/** A report as JSON, always indented so that two of them can be compared line by line; or as tables; or what changed. */
export async function printReport(
  { terminal, options }: CommandContext,
  report: ProbeReport,
  judgement: readonly Judgement[],
  comparison: ProbeComparison | undefined,
): Promise<void> {
  const { out, err } = terminal
  if (options.json === true) {
    const told = { ...report, judgement, ...(comparison !== undefined && { comparison }) }
    return out.write(`${JSON.stringify(told, undefined, 2)}\n`)
  }
  if (comparison === undefined) return out.write(probeTable(report, judgement, out.colours, out.width))
  await out.write(comparisonText(comparison, out.colours, out.width))
  // Why the program ends as it does, when that is no news.
  for (const one of judgement.filter(({ opinion }) => opinion === 'disagrees'))
    err.lines(judgementText(one, err.colours, err.width))
}
