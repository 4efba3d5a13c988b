import type { ProviderReport } from '@openmux/core'
import type { CreatedProviders } from '../providers/create-providers.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { type ListedProvider, providersList, stateOf } from '../render/providers-list.js'
import type { Command } from './context.js'
import { printJson } from './print-json.js'

/** `openmux providers`: ready or not, why, what to do. Exit code 3 when none is ready; a last resort is not. */
export const command: Command = async (context) => {
  const { terminal, options, activity, interrupts } = context
  activity.wait('asking the providers')
  const openmux = await context.openMux()
  const created = await context.created()
  const [reports, usable] = await Promise.all([
    openmux.providers({ signal: interrupts.signal }),
    created.usablePresets?.() ?? [],
  ])
  const providers = await Promise.all(reports.map((report) => listed(report, created)))
  activity.clear()
  if (options.json === true) await printJson(context, { providers, usable })
  else await terminal.out.write(providersList(providers, usable, terminal.out.colours, terminal.out.width))
  return providers.some(({ state }) => state === 'ready') ? EXIT_CODES.ok : EXIT_CODES.setup
}

/** A report, with the stage as the package itself knows it where another stands in its place. */
async function listed(report: ProviderReport, created: CreatedProviders): Promise<ListedProvider> {
  const why = created.standIns?.get(report.id)
  const lifecycle = (await created.lifecycleOf?.(report.id)) ?? report.lifecycle
  const enabled = lifecycle.stage !== 'disabled' || created.forceEnabled.includes(report.id)
  const known = { ...report, lifecycle, enabled }
  return { ...known, state: stateOf(known, why) }
}
