import { EXIT_CODES } from '../render/exit-codes.js'
import { providersList } from '../render/providers-list.js'
import type { Command } from './context.js'
import { printJson } from './print-json.js'

/** `openmux providers`: ready or not, why, what to do. Exit code 3 when none is ready. */
export const command: Command = async (context) => {
  const { terminal, options, activity, interrupts } = context
  activity.wait('asking the providers')
  const openmux = await context.openMux()
  const reports = await openmux.providers({ signal: interrupts.signal })
  activity.clear()
  if (options.json === true) await printJson(context, { providers: reports })
  else await terminal.out.write(providersList(reports, terminal.out.colours, terminal.out.width))
  return reports.some(({ enabled, readiness }) => enabled && readiness.ready)
    ? EXIT_CODES.ok
    : EXIT_CODES.setup
}
