import { EXIT_CODES, exitCodeOf } from '../render/exit-codes.js'
import type { Command } from './context.js'
import { listModels } from './list-models.js'
import { printJson } from './print-json.js'

/** `openmux models`: every model of every provider that could be asked. */
export const command: Command = async (context) => {
  const { terminal, options, activity } = context
  activity.wait('asking the providers')
  const listing = await listModels(context)
  activity.clear()
  const [failure] = listing.failures
  // Something was found, or everybody could be asked and there is nothing.
  const code = listing.models.length > 0 || failure === undefined ? EXIT_CODES.ok : exitCodeOf(failure.error)
  if (options.json === true) {
    await printJson(context, listing)
    return code
  }
  const { listingFailures, modelsTable } = await import('../render/models-table.js')
  const { out } = terminal
  await out.write(modelsTable(listing.models, out.colours, out.width))
  const failures = listingFailures(listing, terminal.err.colours, terminal.err.width)
  if (failures !== '') terminal.err.lines(failures)
  return code
}
