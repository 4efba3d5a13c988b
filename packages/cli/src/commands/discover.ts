import { type Discovery, isOpenMuxError, OpenMuxError, type Provider } from '@openmux/core'
import { chooseProviders } from '../probe/choose-providers.js'
import { EXIT_CODES } from '../render/exit-codes.js'
import { discoveryText } from '../render/discovery-text.js'
import type { CreatedProviders } from '../providers/create-providers.js'
import type { Command, CommandContext } from './context.js'
import { limitedCall } from './limited-call.js'
import { printJson } from './print-json.js'

/** What was found at one provider. */
export interface ProviderDiscovery extends Discovery {
  readonly provider: string
}

/** `openmux discover`: the addresses that answer and the models to use. Exit code 4 when nothing of use was found. */
export const command: Command = async (context) => {
  const { terminal, options, activity, words } = context
  const created = await context.created()
  const able = await discoverers(created, context)
  try {
    const chosen = chooseProviders(words, able.providers)
    if (chosen.length === 0) throw nobodyAble()
    activity.wait('looking for models, nothing is generated')
    const found = await Promise.all(chosen.map((provider) => discoverOne(provider, context)))
    activity.clear()
    if (options.json === true) await printJson(context, { discoveries: found })
    else await terminal.out.write(discoveryText(found, terminal.out.colours, terminal.out.width))
    const isOfUse = found.some(
      ({ models, endpoints }) =>
        models.length > 0 && endpoints.some(({ verdict }) => verdict === 'as-expected'),
    )
    return isOfUse ? EXIT_CODES.ok : EXIT_CODES.failed
  } finally {
    await able.close()
  }
}

/** Those that can look around; one without a key still can, as far as that goes. */
async function discoverers(
  created: CreatedProviders,
  { settings }: CommandContext,
): Promise<{ readonly providers: readonly Provider[]; close(): Promise<void> }> {
  const made: Provider[] = []
  const all = await Promise.all(
    created.providers.map(async (provider) => {
      const real = await created.withoutKey?.(provider.id)
      if (real !== undefined) made.push(real)
      return real ?? provider
    }),
  )
  const mayAsk = ({ locality }: Provider): boolean =>
    settings.configuration.offline !== true || locality === 'local'
  return {
    providers: all.filter((provider) => provider.discover !== undefined && mayAsk(provider)),
    async close() {
      await Promise.all(made.map((provider) => provider.close()))
    },
  }
}

async function discoverOne(provider: Provider, context: CommandContext): Promise<ProviderDiscovery> {
  const { discover } = provider
  if (discover === undefined) throw nobodyAble()
  const { task } = context.options
  try {
    const found = await limitedCall(context, (call) => discover(task === undefined ? {} : { task }, call))
    return { provider: provider.id, ...found }
  } catch (error) {
    if (!isOpenMuxError(error) || error.code === 'aborted' || error.code === 'timeout') throw error
    return { provider: provider.id, endpoints: [], models: [], notes: [`${error.message} ${error.hint}`] }
  }
}

function nobodyAble(): OpenMuxError {
  return new OpenMuxError({
    code: 'bad-request',
    field: 'provider',
    message: 'No provider of this run can look for models.',
    hint: 'Leave --offline out, or see `openmux models` for those that are set up.',
  })
}
