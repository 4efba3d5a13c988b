import type { ProbeChange, ProbeComparison } from '../probe/compare.js'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { wrap } from './wrap.js'

/** What changed since an earlier report, one line each; one line when nothing did. */
export function comparisonText(comparison: ProbeComparison, colours: Colours, width: number): string {
  const { since, changes } = showControlsIn(comparison)
  if (changes.length === 0) return `Nothing changed since ${since}.\n`
  const lines = changes.map((change) => wrap(`  ${changeText(change)}`, width, 4))
  return `${[colours.strong(`Changed since ${since}:`), ...lines].join('\n')}\n`
}

function changeText(change: ProbeChange): string {
  switch (change.kind) {
    case 'verdict':
      return `${change.provider} ${change.check} (${change.endpoint}): ${change.before} → ${change.after}. ${change.evidence}`
    case 'check-added':
      return `${change.provider} ${change.check}: new, ${change.verdict}`
    case 'check-removed':
      return `${change.provider} ${change.check}: no longer checked, was ${change.verdict}`
    case 'provider-added':
      return `${change.provider}: probed for the first time`
    case 'provider-removed':
      return `${change.provider}: not probed this time`
    case 'lifecycle':
      return `${change.provider}: ${change.before} → ${change.after}`
    case 'package':
      return `${change.package}: ${change.before ?? 'absent'} → ${change.after ?? 'absent'}`
  }
}
