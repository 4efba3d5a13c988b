import { createLedger, type Forecast, isOpenMuxError, OpenMuxError, systemClock } from '@openmux/core'
import { findNamed, namesThereAre } from '../providers/spelling.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { type NextFree, quotaText } from '../render/quota-text.js'
import { stateFile, stateStore } from '../state/keep-state.js'
import type { Command, CommandContext } from './context.js'
import { printJson } from './print-json.js'
import { routing } from './request.js'

/**
 * `openmux quota`: what is left of limits, who is left alone until when, and what ails. `--ask` asks the services that
 * can tell, without generating, and says when the next free request would be served.
 */
export const command: Command = async (context) => {
  const { terminal, options, activity, interrupts } = context
  const wanted = await wantedIds(context, context.words)
  if (options.forget !== undefined) await forget(context, await wantedIds(context, options.forget))
  const ask = options.ask === true
  if (ask) activity.wait('asking what is left, nothing is generated')
  const openmux = await context.openMux()
  const forecast = narrowed(await openmux.forecast({ ask, signal: interrupts.signal }), wanted)
  const next = ask ? await nextFree(context) : undefined
  activity.clear()
  const now = Date.now()
  if (options.json === true)
    await printJson(context, { now, ...forecast, ...(next !== undefined && { nextFree: next }) })
  else await terminal.out.write(quotaText(forecast, next, now, terminal.out.colours, terminal.out.width))
  return EXIT_CODES.ok
}

/** The ids that are meant. Errors: `bad-request` for a name nobody has. */
async function wantedIds(context: CommandContext, spellings: readonly string[]): Promise<readonly string[]> {
  const { providers } = await context.created()
  return spellings.map((spelling) => {
    const found = findNamed(spelling, providers)
    if (found !== undefined) return found.id
    const ids = providers.map(({ id }) => id)
    throw new OpenMuxError({
      code: 'bad-request',
      field: 'provider',
      message: `No provider is called "${spelling}".`,
      hint: namesThereAre(spelling, ids),
    })
  })
}

/** Of all or of some providers. What ails is known by address; it is shown when all are. */
function narrowed(forecast: Forecast, wanted: readonly string[]): Forecast {
  if (wanted.length === 0) return forecast
  const isMeant = ({ provider }: { readonly provider: string }): boolean => wanted.includes(provider)
  return {
    allowances: forecast.allowances.filter(isMeant),
    cooldowns: forecast.cooldowns.filter(isMeant),
    breakers: [],
  }
}

/** Who would serve a request that must cost nothing, or when somebody would. Plans, and asks for no answer. */
async function nextFree(context: CommandContext): Promise<NextFree> {
  const openmux = await context.openMux()
  const { model: _model, provider: _provider, ...terms } = routing(context)
  try {
    const { candidates } = await openmux.explain({ ...terms, prompt: 'Hello.', task: 'chat', zeroCost: true })
    const first = candidates.find(({ verdict }) => verdict === 'planned')
    if (first !== undefined) {
      const { provider, model, usableInMs } = first
      const wait = typeof usableInMs === 'number' ? usableInMs : 0
      return { at: Date.now() + wait, provider, ...(model !== undefined && { model }) }
    }
    const times = candidates.flatMap(({ until }) => (typeof until === 'number' ? [until] : []))
    return times.length > 0 ? { at: Math.min(...times) } : {}
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted' || error.code === 'timeout') throw error
    return {}
  }
}

/** Drops what was learned of providers' limits from the file, also for runs that are under way. */
async function forget(context: CommandContext, ids: readonly string[]): Promise<void> {
  const { settings, io, terminal } = context
  const path = stateFile(settings.configuration, io)
  if (path === undefined) {
    throw new OpenMuxError({
      code: 'bad-request',
      field: '--forget',
      message: 'Nothing is kept between runs, so there is nothing to forget.',
      hint: 'Leave out --no-state, and `state` and OPENMUX_STATE where they switch it off.',
    })
  }
  const { keepIn } = await import('@openmux/core/store')
  let failure: unknown
  const store = await stateStore(path, (line) => terminal.err.lines(`note: ${line}`))
  const ledger = createLedger()
  const keeper = keepIn(store, { onProblem: (problem, cause) => (failure ??= cause ?? problem) })(
    ledger,
    systemClock,
  )
  await keeper.opened
  for (const id of ids) ledger.forget(id, systemClock.now())
  await keeper.close()
  if (isOpenMuxError(failure)) throw failure
  terminal.err.lines(terminal.err.colours.quiet(`forgotten: ${ids.join(', ')}`))
}
