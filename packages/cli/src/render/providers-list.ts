import type { ProviderReport } from '@openmux/core'
import type { Colours } from '../terminal/colours.js'
import { showControlsIn } from '../terminal/control-characters.js'
import { wrap } from './wrap.js'

/** Every provider: ready or not, why, what to do, and how far it is along its life. */
export function providersList(reports: readonly ProviderReport[], colours: Colours, width: number): string {
  if (reports.length === 0)
    return 'No provider is switched on. Check `order` and `enabled` in the configuration.\n'
  return reports.map((report) => block(showControlsIn(report), colours, width)).join('\n')
}

function block(report: ProviderReport, colours: Colours, width: number): string {
  const { id, name, locality, tasks, readiness } = report
  const state = readiness.ready ? colours.good('ready') : colours.bad('not ready')
  const why = readiness.ready ? readiness.detail : readiness.reason
  const where = locality === 'local' ? 'on this machine' : 'remote: prompts leave this machine'
  const lines = [
    `${readiness.ready ? colours.good('●') : colours.bad('○')} ${colours.strong(id)}  ${state}${id === name.toLowerCase() ? '' : colours.quiet(`  ${name}`)}`,
    ...(why === undefined ? [] : [wrap(`    ${why}`, width, 4)]),
    ...(readiness.ready
      ? []
      : readiness.remedies.map((remedy) => colours.name(wrap(`    → ${remedy}`, width, 6)))),
    colours.quiet(wrap(`    ${where}; ${tasks.join(', ')}; ${lifecycleText(report)}`, width, 4)),
  ]
  return `${lines.join('\n')}\n`
}

function lifecycleText({ lifecycle, enabled }: ProviderReport): string {
  const { stage, since, reason, replacement, nextReview } = lifecycle
  return [
    `${stage} since ${since}`,
    ...(reason === undefined ? [] : [reason]),
    ...(replacement === undefined ? [] : [`use ${replacement} instead`]),
    ...(stage === 'disabled' && enabled ? ['forced on by the configuration'] : []),
    ...(nextReview === undefined ? [] : [`next look ${nextReview}`]),
  ].join(', ')
}
