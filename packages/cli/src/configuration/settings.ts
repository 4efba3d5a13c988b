import type { CommandIo } from '../io.js'
import type { CommandOptions } from '../options/command-options.js'
import type { Configuration, ProviderConfiguration, Source } from './configuration.js'
import { type Environment, environmentConfiguration, readEnvironment } from './environment.js'
import { findFile } from './find-file.js'

/** Where the parts of the settings came from, in order of precedence. */
export interface Settings {
  /** Command line over environment over `.env` over the file. */
  readonly configuration: Configuration
  readonly providers: Readonly<Record<string, ProviderConfiguration | undefined>>
  readonly environment: Environment
  /** The configuration file, when there is one. */
  readonly file: Source | undefined
  /** The option or variable that says `forceEnabled`; absent: the file does, if anybody. */
  readonly forceEnabledBy?: string
}

/** Reads everything there is to read and puts it in order. Errors: `bad-config`. Never writes. */
export async function loadSettings(
  options: CommandOptions,
  io: Pick<CommandIo, 'env' | 'cwd' | 'home' | 'platform'>,
): Promise<Settings> {
  const environment = await readEnvironment(io.env, io.cwd)
  // From the real environment only: a `.env` that comes with a folder must not choose the file.
  const file = await findFile({
    given: options.config,
    env: io.env,
    cwd: io.cwd,
    home: io.home,
    platform: io.platform,
  })
  // The checker and the parser are loaded only when there is a file.
  const fromFile =
    file === undefined ? {} : await (await import('./read-file.js')).readConfigurationFile(file)
  const fromEnvironment = await environmentConfiguration(environment)
  const configuration = layered([fromFile, fromEnvironment, fromCommandLine(options)])
  const forceEnabledBy =
    options.forceEnabled !== undefined
      ? '--force-enabled'
      : fromEnvironment.forceEnabled !== undefined
        ? 'OPENMUX_FORCE_ENABLED'
        : undefined
  return {
    configuration,
    providers: fromFile.providers ?? {},
    environment,
    file,
    ...(forceEnabledBy !== undefined && { forceEnabledBy }),
  }
}

/**
 * Later layers go before earlier ones. Provider and model belong together: a layer that names one of
 * them takes back what an earlier one says about the other, or `--provider hf-local` would be held to
 * the Ollama model of the file.
 */
function layered(layers: readonly Configuration[]): Configuration {
  let configuration: Configuration = {}
  for (const layer of layers) {
    const names = layer.provider !== undefined || layer.model !== undefined
    const { provider: _provider, model: _model, ...rest } = configuration
    configuration = { ...(names ? rest : configuration), ...layer }
    if (layer.provider !== undefined)
      configuration = { ...configuration, embeddingModel: layer.embeddingModel }
  }
  return configuration
}

function fromCommandLine(options: CommandOptions): Configuration {
  const { provider, model, system, timeout, prefer, forceEnabled, local, offline, free, minContext } = options
  const { policy, onBreak, history, hedge, impatient, nano, cache, state } = options
  return {
    ...(provider !== undefined && { provider }),
    ...(model !== undefined && { model, embeddingModel: model }),
    ...(system !== undefined && { system }),
    ...(timeout !== undefined && { timeout }),
    ...(prefer !== undefined && { prefer }),
    ...(forceEnabled !== undefined && { forceEnabled }),
    ...(local === true && { localOnly: true }),
    ...(offline === true && { offline: true }),
    ...(free === true && { zeroCost: true }),
    ...(minContext !== undefined && { minContextTokens: minContext }),
    ...(policy !== undefined && { policy }),
    ...(onBreak !== undefined && { onBreak }),
    ...(history !== undefined && { history }),
    ...(hedge === false && { hedge }),
    ...(impatient === true && { impatient }),
    ...(nano === false && { nano }),
    ...(cache !== undefined && { cache }),
    ...(state === false && { state }),
  }
}
